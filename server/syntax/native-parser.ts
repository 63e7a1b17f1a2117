// The native parser for batch work, where it is installed and loads: faster than WebAssembly in short runs, same facts.
import { describeError } from "../kernel/index.ts";
import type { InstalledFiles, Log } from "../platform/index.ts";
import type { Text } from "../text/index.ts";
import type { Match } from "./captures.ts";
import { collectFacts } from "./collect-facts.ts";
import type { FileFacts } from "./facts.ts";
import type { GrammarManifest } from "./manifest.ts";
import { readQueryTexts } from "./query-files.ts";
import type { FactQueryName } from "./query-files.ts";
import type { GrammarCatalogue } from "./registry.ts";
import type { SyntaxStatus } from "./syntax-service.ts";

interface NativeParser {
  /** Undefined where the native parser or the language's native grammar is not to be had. Blocks while it parses. */
  factsOf(manifest: GrammarManifest, text: Text): Promise<FileFacts | undefined>;
  /** Loads the parser and lets it parse a probe text, once; the outcome is in `state`. */
  probe(): Promise<void>;
  state(): SyntaxStatus["native"];
}

/** What is used of the package, whose own types do not load where it is not installed. */
interface NativeModule {
  new (): NativeInstance;
  readonly Query: new (language: unknown, source: string) => NativeQuery;
}
interface NativeInstance {
  setLanguage(language: unknown): void;
  parse(input: (index: number) => string | null): { readonly rootNode: NativeNode };
}
interface NativeNode {
  readonly startIndex: number;
  readonly endIndex: number;
  readonly hasError: boolean;
  readonly type: string;
}
interface NativeQuery {
  matches(root: NativeNode): readonly {
    readonly pattern: number;
    readonly captures: readonly { readonly name: string; readonly node: NativeNode }[];
  }[];
}
interface NativeGrammar {
  readonly parser: NativeInstance;
  readonly queries: Readonly<Record<FactQueryName, NativeQuery | undefined>>;
}

/** UTF-16 units that the parser is handed at once. */
const INPUT_UNITS = 16_384;

export function createNativeParser(deps: {
  readonly catalogue: GrammarCatalogue;
  readonly files: InstalledFiles;
  readonly log: Log;
}): NativeParser {
  let state: SyntaxStatus["native"] = { state: "absent", reason: "no batch work has asked for it yet" };
  let probing: Promise<NativeModule | undefined> | undefined;
  const grammars = new Map<string, Promise<NativeGrammar | undefined>>();

  const probe = async (manifest: GrammarManifest): Promise<NativeModule | undefined> => {
    let found: unknown;
    try {
      found = defaultExport(await deps.files.importPackage("tree-sitter"));
    } catch (error) {
      const isAbsent = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
      state = { state: isAbsent ? "absent" : "broken", reason: describeError(error) };
      return undefined;
    }
    try {
      // It may load and still fail at the first parse: only a parsed text shows that it works.
      const native = found as NativeModule;
      const parser = new native();
      parser.setLanguage(await loadLanguage(manifest));
      const { rootNode } = parser.parse((index) => PROBE.slice(index));
      if (rootNode.endIndex !== PROBE.length) throw new Error("the probe text was not parsed to its end");
      state = { state: "working", reason: "the probe text was parsed" };
      return native;
    } catch (error) {
      state = { state: "broken", reason: describeError(error) };
      return undefined;
    }
  };

  const loadLanguage = async (manifest: GrammarManifest): Promise<unknown> => {
    if (manifest.native === undefined) throw new Error("the language has no native grammar");
    const { packageName, exportName } = manifest.native;
    const module = defaultExport(await deps.files.importPackage(packageName));
    return exportName === "" ? module : (module as Record<string, unknown>)[exportName];
  };

  const loadGrammar = async (manifest: GrammarManifest): Promise<NativeGrammar | undefined> => {
    const native = await (probing ??= probe(manifest));
    if (native === undefined) return undefined;
    try {
      const language = await loadLanguage(manifest);
      const parser = new native();
      parser.setLanguage(language);
      const texts = await readQueryTexts(manifest, deps.catalogue, deps.files);
      const compile = (name: FactQueryName): NativeQuery | undefined =>
        texts[name].trim() === ""
          ? undefined
          : new native.Query(language, withoutForeignPredicates(texts[name]));
      return {
        parser,
        queries: {
          declarations: compile("declarations"),
          scopes: compile("scopes"),
          imports: compile("imports"),
          references: compile("references"),
        },
      };
    } catch (error) {
      deps.log.warn(
        { languageId: manifest.language.id, reason: describeError(error) },
        "the native grammar is not used: the WebAssembly one takes its place",
      );
      return undefined;
    }
  };

  return {
    async probe() {
      const manifests = deps.catalogue.languages.all.map(({ id }) => deps.catalogue.manifestOf(id));
      const first = manifests.find((manifest) => manifest?.native !== undefined);
      if (first !== undefined) await (probing ??= probe(first));
    },
    async factsOf(manifest, text) {
      if (manifest.native === undefined) return undefined;
      const { id } = manifest.language;
      const loading = grammars.get(id) ?? loadGrammar(manifest);
      grammars.set(id, loading);
      const grammar = await loading;
      if (grammar === undefined) return undefined;
      const { content } = text;
      const { rootNode } = grammar.parser.parse((index) =>
        index >= content.length ? null : content.slice(index, index + INPUT_UNITS),
      );
      // The two runtimes recover from errors differently, and the facts of a text must not depend on the route.
      if (rootNode.hasError) return undefined;
      const run = (name: FactQueryName): readonly Match[] =>
        (grammar.queries[name]?.matches(rootNode) ?? []).map(({ pattern, captures }) => ({
          pattern,
          captures: captures.map(({ name: capture, node }) => ({
            name: capture,
            start: node.startIndex,
            end: node.endIndex,
          })),
        }));
      return collectFacts(manifest.language, content, {
        declarations: run("declarations"),
        scopes: run("scopes"),
        imports: run("imports"),
        references: run("references"),
      });
    },
    state: () => state,
  };
}

/** No text of any language in particular: every grammar gives a tree for it, with or without errors. */
const PROBE = "a";

function defaultExport(module: unknown): unknown {
  return typeof module === "object" && module !== null && "default" in module ? module.default : module;
}

const runPredicates = new Set(["eq?", "not-eq?", "match?", "not-match?", "any-of?", "not-any-of?"]);

/** The native query runner throws on predicates that it does not know. */
function withoutForeignPredicates(source: string): string {
  return source.replace(
    /\(#([\w-]+[?!])(?:\s+(?:@[\w.-]+|"(?:[^"\\]|\\.)*"|[\w.-]+))*\s*\)/g,
    (whole, name: string) => (runPredicates.has(name) ? whole : ""),
  );
}
