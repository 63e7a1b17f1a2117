// Grammars, loaded when first asked for: the wasm module, its queries, and a small pool of parsers each.
import { join } from "node:path";
import type { Language as WasmLanguage, Parser } from "web-tree-sitter";
import { describeError } from "../kernel/index.ts";
import type { Clock, InstalledFiles, Log } from "../platform/index.ts";
import { compileQuery } from "./compiled-query.ts";
import type { CompiledQuery } from "./compiled-query.ts";
import type { Language } from "./languages.ts";
import type { GrammarManifest } from "./manifest.ts";
import { queryNames, readQueryTexts } from "./query-files.ts";
import type { QueryName, QueryTexts } from "./query-files.ts";
import type { GrammarCatalogue } from "./registry.ts";
import type { WasmEngine } from "./wasm-engine.ts";

export interface Grammar {
  readonly language: Language;
  readonly manifest: GrammarManifest;
  readonly wasm: WasmLanguage;
  readonly queryTexts: QueryTexts;
  /** Undefined where the language has no such query, or one that does not compile. */
  query(name: QueryName): CompiledQuery | undefined;
  /** A parser for one parse at a time; give it back, also after a parse that was cut short. */
  borrowParser(): Parser;
  returnParser(parser: Parser): void;
}

export interface GrammarStore {
  /** Undefined when the grammar cannot be had; the reason is in `failures`. Never rejects. */
  load(language: Language): Promise<Grammar | undefined>;
  loaded(language: Language): Grammar | undefined;
  loadedIds(): readonly string[];
  failures(): readonly { readonly languageId: string; readonly reason: string }[];
  dispose(): void;
}

/** Parsers kept for reuse per grammar; more exist only while more parses run at once. */
const POOLED_PARSERS = 2;

export function createGrammarStore(deps: {
  readonly catalogue: GrammarCatalogue;
  readonly files: InstalledFiles;
  readonly engine: WasmEngine;
  readonly clock: Clock;
  readonly log: Log;
}): GrammarStore {
  const loading = new Map<string, Promise<Grammar | undefined>>();
  const ready = new Map<string, Grammar>();
  const disposals: (() => void)[] = [];
  const failures: { languageId: string; reason: string }[] = [];
  let isDisposed = false;

  const recordFailure = (languageId: string, reason: string): void => {
    failures.push({ languageId, reason });
    deps.log.warn({ languageId }, reason);
  };

  const findWasm = async (manifest: GrammarManifest): Promise<string> => {
    const { scheme, packageName, path } = manifest.wasm;
    if (scheme === "file") return join(manifest.folder, path);
    const found = await deps.files.findInPackage(packageName, path);
    if (found === undefined)
      throw new Error(`the package ${packageName} with ${path} is not installed: run the installation again`);
    return found;
  };

  const loadNow = async (manifest: GrammarManifest): Promise<Grammar | undefined> => {
    const { language } = manifest;
    try {
      const path = await findWasm(manifest);
      const [bytes, queryTexts] = await Promise.all([
        deps.files.readBytes(path),
        readQueryTexts(manifest, deps.catalogue, deps.files),
        deps.engine.start(),
      ]);
      const wasm = deps.engine.loadGrammar(bytes);
      const queries = new Map<QueryName, CompiledQuery>();
      for (const name of queryNames) {
        try {
          const query = await compileQuery(deps, wasm, queryTexts[name]);
          if (query !== undefined) queries.set(name, query);
        } catch (error) {
          recordFailure(
            language.id,
            `${join(manifest.folder, "queries", `${name}.scm`)} does not compile: ${describeError(error)}. ${language.name} goes on without it.`,
          );
        }
      }
      const grammar = createGrammar({ manifest, wasm, queries, queryTexts, engine: deps.engine });
      if (isDisposed) {
        grammar.dispose();
        return undefined;
      }
      disposals.push(() => grammar.dispose());
      ready.set(language.id, grammar);
      return grammar;
    } catch (error) {
      recordFailure(
        language.id,
        `the grammar of ${language.name} could not be loaded: ${describeError(error)}. Its files are treated as plain text.`,
      );
      return undefined;
    }
  };

  return {
    load(language) {
      const manifest = deps.catalogue.manifestOf(language.id);
      if (manifest === undefined || isDisposed) return Promise.resolve(undefined);
      const known = loading.get(language.id);
      if (known !== undefined) return known;
      const promise = loadNow(manifest);
      loading.set(language.id, promise);
      return promise;
    },
    loaded: (language) => ready.get(language.id),
    loadedIds: () => [...ready.keys()],
    failures: () => [...failures],
    dispose() {
      isDisposed = true;
      for (const release of disposals) release();
      ready.clear();
    },
  };
}

function createGrammar(parts: {
  readonly manifest: GrammarManifest;
  readonly wasm: WasmLanguage;
  readonly queries: ReadonlyMap<QueryName, CompiledQuery>;
  readonly queryTexts: QueryTexts;
  readonly engine: WasmEngine;
}): Grammar & { dispose(): void } {
  const idle: Parser[] = [];
  let isDisposed = false;
  return {
    language: parts.manifest.language,
    manifest: parts.manifest,
    wasm: parts.wasm,
    queryTexts: parts.queryTexts,
    query: (name) => (isDisposed ? undefined : parts.queries.get(name)),
    borrowParser: () => idle.pop() ?? parts.engine.createParser(parts.wasm),
    returnParser(parser) {
      // After a parse that was cut short the next one would go on with the old text otherwise.
      parser.reset();
      if (isDisposed || idle.length >= POOLED_PARSERS) parser.delete();
      else idle.push(parser);
    },
    dispose() {
      isDisposed = true;
      for (const parser of idle) parser.delete();
      for (const compiled of parts.queries.values()) for (const { query } of compiled.parts) query.delete();
      idle.length = 0;
    },
  };
}
