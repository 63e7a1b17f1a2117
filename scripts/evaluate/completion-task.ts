// Asks the completion feature for masked places, in process over the real rooms, with each part switched off in turn.
import { join } from "node:path";
import { createCompletion, createModelLines } from "../../server/features/index.ts";
import type { CompletionAnswer, CompletionItem } from "../../server/features/index.ts";
import type { ModelCompletion } from "../../server/inference/index.ts";
import { createBugRecorder } from "../../server/kernel/index.ts";
import { createInstalledFiles, silentLog, systemClock, systemThreads } from "../../server/platform/index.ts";
import { createSyntaxService } from "../../server/syntax/index.ts";
import { createDocumentStore } from "../../server/workspace/index.ts";
import type { DocumentSnapshot } from "../../server/workspace/index.ts";
import type { MeasuredModel } from "../engine/measured-model.ts";
import { startMeasuredService } from "../engine/measured-service.ts";
import type { MaskKind, MaskedLine, MaskedPlace } from "./masking.ts";
import { scoreLine, scoreName } from "./measures.ts";
import type { Score } from "./measures.ts";
import { createReplayingInference } from "./replaying-inference.ts";
import type { ReplayingInference } from "./replaying-inference.ts";
import { variants } from "./variants.ts";
import type { Variant } from "./variants.ts";

/** One row of the results file. */
export interface EvaluatedPlace {
  readonly line: string;
  readonly language: string;
  readonly kind: MaskKind;
  readonly variant: string;
  /** The model's own text, before anything is filtered. */
  readonly raw: Score | undefined;
  readonly meanProbability: number;
  readonly stop: string;
  readonly promptTokens: number;
  /** What the menu would show of the model at a gate of 0; undefined when filters or the validity gate held it back. */
  readonly shown: Score | undefined;
  /** Of an identifier: its place among the names of the menu, 1 is first; undefined when it is not among them. */
  readonly rank: number | undefined;
  /** Of an identifier: whether the name stands anywhere in what the server saw. */
  readonly isKnowable: boolean;
}

export interface CompletionTask {
  evaluate(line: MaskedLine): Promise<readonly EvaluatedPlace[]>;
  /** What went wrong inside the rooms, by place. */
  bugs(): readonly string[];
  dispose(): Promise<void>;
}

/** What the engine keeps for the answer beside the prompt (loaded-model.ts). */
const ROOM_FOR_ANSWER = 512;
const MOST_ITEMS = 100;
const DEADLINE_MS = 120_000;

export async function openCompletionTask(options: {
  readonly root: string;
  readonly model: MeasuredModel;
  readonly threads: number;
  /** Tokens of context in front of the masked line, at most. */
  readonly promptTokens: number;
}): Promise<CompletionTask> {
  const { root, model, threads, promptTokens } = options;
  const problems: string[] = [];
  const bugs = createBugRecorder((record) => void problems.push(`${record.key}: ${record.message}`));
  const clock = systemClock;
  const syntax = await createSyntaxService({
    grammarsFolder: join(root, "grammars"),
    files: createInstalledFiles(),
    threads: systemThreads,
    clock,
    log: silentLog,
    bugs,
  });
  // A gate of 0 lets every line through: the gate is applied afterwards, to all thresholds at once.
  const changes = { contextTokens: promptTokens + ROOM_FOR_ANSWER, confidenceGate: 0 };
  const healed = await startMeasuredService({ root, model, threads, changes });
  const plain = await startMeasuredService({
    root,
    model,
    threads,
    changes,
    parts: { healing: false },
  });
  const replaying = { healed: createReplayingInference(healed), plain: createReplayingInference(plain) };
  const store = createDocumentStore({
    syntax,
    owner: "evaluate",
    folders: () => [{ uri: "file:///", name: "" }],
  });

  const askVariant = async (
    variant: Variant,
    inference: ReplayingInference,
    snapshot: DocumentSnapshot,
    place: MaskedPlace,
  ): Promise<{ readonly answer: CompletionAnswer; readonly raw: ModelCompletion | undefined }> => {
    inference.takeLast();
    const lines = createModelLines({ inference: inference.service, bugs, clock });
    const completion = createCompletion({ lines, clock, bugs, parts: variant.parts });
    const answer = await completion.complete(
      {
        snapshot,
        offset: place.before.length,
        isInvoked: false,
        modelDeadlineMs: DEADLINE_MS,
        maxItems: MOST_ITEMS,
      },
      new AbortController().signal,
    );
    return { answer, raw: inference.takeLast() };
  };

  return {
    async evaluate(line) {
      replaying.healed.clear();
      replaying.plain.clear();
      const uri = `file:///${line.file}`;
      const [first] = line.places;
      if (first === undefined) return [];
      store.open({ uri, editorId: line.language, version: 1, content: first.before + first.after });
      const results: EvaluatedPlace[] = [];
      for (const [index, place] of line.places.entries()) {
        const text = place.before + place.after;
        store.change({ uri, version: index + 2, changes: [{ text }] }, "utf-16");
        const snapshot = store.get(uri);
        if (snapshot === undefined) throw new Error(`${uri} is not open`);
        await snapshot.syntax.whenParsed(AbortSignal.timeout(30_000));
        for (const variant of variants) {
          // Without healing a place is asked about where letters or blanks may stand in front of it.
          if (!variant.healing && place.kind === "line") continue;
          const inference = variant.healing ? replaying.healed : replaying.plain;
          const { answer, raw } = await askVariant(variant, inference, snapshot, place);
          results.push(toResult(line, place, variant, answer, raw));
        }
      }
      const id = store.get(uri)?.id;
      store.close(uri);
      if (id !== undefined) for (const service of [healed, plain]) service.forget(id);
      return results;
    },
    bugs: () => problems,
    async dispose() {
      store.dispose();
      syntax.dispose();
      await healed.dispose();
      await plain.dispose();
    },
  };
}

function toResult(
  line: MaskedLine,
  place: MaskedPlace,
  variant: Variant,
  answer: CompletionAnswer,
  raw: ModelCompletion | undefined,
): EvaluatedPlace {
  const score = (text: string): Score => {
    if (place.name === undefined) return scoreLine(text, place.truth);
    const typed = /[\p{L}\p{N}_$]*$/u.exec(place.before)?.[0] ?? "";
    return scoreName(typed, text, place.name);
  };
  const shown = answer.items.find(isModelItem);
  const names = answer.items.filter((item) => !isModelItem(item));
  const at = names.findIndex((item) => item.label === place.name);
  return {
    line: line.id,
    language: line.language,
    kind: place.kind,
    variant: variant.id,
    raw: raw === undefined ? undefined : score(raw.text),
    meanProbability: raw?.meanProbability ?? 0,
    stop: raw?.stop ?? answer.model.outcome,
    promptTokens: raw === undefined ? 0 : raw.tokens.evaluated + raw.tokens.reused,
    // The edit replaces the typed part of the word: what stands right of the cursor is what counts.
    shown:
      shown === undefined
        ? undefined
        : score(shown.edit.newText.slice(place.before.length - shown.edit.start)),
    rank: place.name === undefined || at < 0 ? undefined : at + 1,
    isKnowable: place.name !== undefined && hasWord(place.before + place.after, place.name),
  };
}

function isModelItem({ kind }: CompletionItem): boolean {
  return kind === "model-line" || kind === "model-block";
}

function hasWord(text: string, name: string): boolean {
  const quoted = name.replace(/[$]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${quoted}(?![\\p{L}\\p{N}_$])`, "u").test(text);
}
