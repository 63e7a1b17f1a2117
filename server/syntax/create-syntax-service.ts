// The room's one implementation: reads the catalogue, loads grammars when asked, keeps documents and batch work apart.
import type { BugRecorder, Foreground } from "../kernel/index.ts";
import type { Text } from "../text/index.ts";
import type { Clock, InstalledFiles, Log, ScriptThreads } from "../platform/index.ts";
import { createBackgroundLane } from "./background-lane.ts";
import { createGrammarStore } from "./grammar-store.ts";
import type { Grammar } from "./grammar-store.ts";
import type { Language } from "./languages.ts";
import { MAX_BLOCKING_LENGTH, MAX_PARSED_LENGTH, SLICE_MS } from "./limits.ts";
import { createNativeParser } from "./native-parser.ts";
import { readCatalogue } from "./registry.ts";
import { createSecondOpinion } from "./second-opinion.ts";
import { createSyntaxDocument } from "./syntax-document.ts";
import type { OwnedDocument } from "./syntax-document.ts";
import type { SyntaxDocument, SyntaxService, SyntaxSnapshot } from "./syntax-service.ts";
import { createWarmUp } from "./warm-up.ts";
import { createWasmEngine } from "./wasm-engine.ts";

export interface SyntaxDeps {
  /** The folder that holds one folder per language. */
  readonly grammarsFolder: string;
  readonly files: InstalledFiles;
  readonly threads: ScriptThreads;
  readonly clock: Clock;
  readonly log: Log;
  readonly bugs: BugRecorder;
  /** Background work stands back while somebody's message waits; absent: nobody's ever does. */
  readonly foreground?: Pick<Foreground, "isWaiting">;
  /** True in a process or thread that has nothing else to do, such as an index worker: batch work then runs without pauses. */
  readonly mayBlock?: boolean;
}

/** Reads the manifests; grammars are loaded when a document or a batch first needs them. */
export async function createSyntaxService(deps: SyntaxDeps): Promise<SyntaxService> {
  const { clock, log, bugs, files } = deps;
  const catalogue = await readCatalogue(deps);
  const engine = createWasmEngine(log);
  const store = createGrammarStore({ catalogue, files, engine, clock, log });
  const native = createNativeParser({ catalogue, files, log });
  const lane = createBackgroundLane({ ...deps, sliceMs: SLICE_MS });
  const secondOpinion = createSecondOpinion({ threads: deps.threads, clock, log });
  const documents = new Set<SyntaxDocument>();
  const warm = new Map<string, "warming" | "warm">();

  const warmUp = (grammar: Grammar, snapshot: SyntaxSnapshot): void => {
    const { id } = grammar.language;
    if (warm.has(id)) return;
    warm.set(id, "warming");
    lane.add(
      createWarmUp(grammar, snapshot, { engine, clock }, () => warm.set(id, "warm")),
      "idle",
    );
  };

  const open = (language: Language | undefined, text: Text): OwnedDocument => {
    const loaded = language === undefined ? undefined : store.loaded(language);
    const loading = language === undefined ? Promise.resolve(undefined) : store.load(language);
    const document = createSyntaxDocument(
      {
        engine,
        clock,
        bugs,
        lane,
        askSecondParser: (subject, { language: { extensions }, manifest }, content) =>
          manifest.confirmWith === undefined
            ? Promise.resolve(undefined)
            : secondOpinion.ask({
                subject,
                parser: manifest.confirmWith,
                fileName: `text${extensions[0] ?? ""}`,
                content,
              }),
        onParsed: warmUp,
        onDispose: () => documents.delete(document),
      },
      language,
      loading,
      loaded,
      text,
    );
    documents.add(document);
    return document;
  };

  const service: SyntaxService = {
    languages: catalogue.languages,
    openDocument: open,
    async factsOf(language, text, signal) {
      const manifest = catalogue.manifestOf(language.id);
      if (manifest === undefined || signal.aborted || text.content.length > MAX_PARSED_LENGTH)
        return undefined;
      if (deps.mayBlock === true || text.content.length <= MAX_BLOCKING_LENGTH) {
        const facts = await native.factsOf(manifest, text);
        if (facts !== undefined) return facts;
      }
      const document = open(language, text);
      try {
        await document.whenPrimed(signal);
        return signal.aborted ? undefined : document.current()?.facts();
      } finally {
        document.dispose();
      }
    },
    probeNative: () => native.probe(),
    status: () => ({
      loadedGrammars: store.loadedIds(),
      warmGrammars: [...warm].filter(([, state]) => state === "warm").map(([id]) => id),
      liveTrees: engine.liveTrees(),
      native: native.state(),
      failedGrammars: [...catalogue.broken, ...store.failures()],
    }),
    dispose() {
      for (const document of [...documents]) document.dispose();
      secondOpinion.dispose();
      lane.dispose();
      store.dispose();
    },
  };
  return service;
}
