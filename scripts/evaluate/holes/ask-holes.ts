// Who fills holes: a model through hearth's own engine, greedy, or the copying baseline.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findBlockEnd } from "../../../server/features/completion/model/block/block-end.ts";
import type { BlockPlace } from "../../../server/features/completion/model/block/block-place.ts";
import type { MeasuredModel } from "../../engine/measured-model.ts";
import { startMeasuredService } from "../../engine/measured-service.ts";
import { copyLine } from "./copying.ts";
import type { HoleAnswer } from "./judge.ts";
import type { Hole } from "./sample-holes.ts";

export interface HoleFiller {
  fill(hole: Hole): Promise<HoleAnswer>;
  dispose(): Promise<void>;
}

/** As the editor's questions are limited (line-question.ts). */
const MOST_LINE_TOKENS = 48;
const MOST_BLOCK_TOKENS = 192;
/** What the engine keeps for the answer beside the prompt (loaded-model.ts). */
const ROOM_FOR_ANSWER = 512;

export function createCopyingFiller(): HoleFiller {
  return {
    fill: ({ before, after }) => {
      const { text, confidence } = copyLine(before, after);
      return Promise.resolve({ text, confidence, hasEnded: true, promptTokens: 0, ms: 0 });
    },
    dispose: () => Promise.resolve(),
  };
}

export async function createModelFiller(options: {
  readonly root: string;
  readonly model: MeasuredModel;
  readonly threads: number;
  readonly promptTokens: number;
}): Promise<HoleFiller> {
  const { root, model, threads, promptTokens } = options;
  const languages = readLanguages(root);
  const service = await startMeasuredService({
    root,
    model,
    threads,
    changes: { contextTokens: promptTokens + ROOM_FOR_ANSWER, confidenceGate: 0 },
  });
  return {
    async fill({ id, path, language, before, after, kind, openWidth }) {
      const { name, lineComment } = languages.get(language) ?? {};
      const place: BlockPlace = {
        kind: "body",
        startsBelow: false,
        openWidth,
        closer: undefined,
        hasCloser: false,
      };
      const result = await service.complete(
        {
          document: id,
          path,
          lineComment,
          ...(name === undefined ? {} : { languageName: name }),
          before,
          after,
          requestClass: "explicit",
          ...(kind === "block"
            ? {
                shape: "block",
                maxTokens: MOST_BLOCK_TOKENS,
                findBlockEnd: (answer) => findBlockEnd(answer, place),
              }
            : { maxTokens: MOST_LINE_TOKENS }),
        },
        new AbortController().signal,
      );
      service.forget(id);
      if (!result.ok) throw new Error(`${id}: ${JSON.stringify(result.failure)}`);
      const { text, meanProbability, stop, tokens, timing } = result.value;
      return {
        text,
        confidence: meanProbability,
        hasEnded: stop === "line-end" || stop === "block-end" || stop === "end-of-text",
        promptTokens: tokens.evaluated + tokens.reused,
        ms: timing.totalMs,
      };
    },
    dispose: () => service.dispose(),
  };
}

/** Name and line comment by the id that editors use, from the grammars' manifests. */
function readLanguages(
  root: string,
): ReadonlyMap<string, { readonly name: string; readonly lineComment: string | undefined }> {
  const folder = join(root, "grammars");
  return new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => existsSync(join(folder, entry.name, "manifest.json")))
      .flatMap((entry) => {
        const manifest = JSON.parse(readFileSync(join(folder, entry.name, "manifest.json"), "utf8")) as {
          readonly name: string;
          readonly lineComment?: string;
          readonly editorIds?: readonly string[];
        };
        const { name, lineComment, editorIds = [entry.name] } = manifest;
        return [entry.name, ...editorIds].map((id) => [id, { name, lineComment }] as const);
      }),
  );
}
