// hearth's engine in this process as a contestant, with the parts and the layout that are wanted.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { InferenceParts } from "../../../server/inference/index.ts";
import type { ScratchFiles } from "../../../server/platform/index.ts";
import type { MeasuredModel } from "../../engine/measured-model.ts";
import { startMeasuredService } from "../../engine/measured-service.ts";
import { ANSWER_TOKENS } from "./contestant.ts";
import type { Contestant } from "./contestant.ts";

export interface HearthEngineOptions {
  readonly root: string;
  readonly model: MeasuredModel;
  readonly name: string;
  readonly threads: number | undefined;
  /** "model": as the catalogue says. "infill": fill-in-the-middle over special tokens that the model was not trained for. */
  readonly layout: "model" | "infill";
  readonly parts?: Partial<InferenceParts>;
  readonly scratch?: ScratchFiles;
}

/** Special tokens of the vocabulary in the roles of a format that the model lacks: its answers mean nothing, its times do. */
export interface StandInTokens {
  readonly prefix: string;
  readonly suffix: string;
  readonly middle: string;
}

const STAND_INS: StandInTokens = { prefix: "<repo_name>", suffix: "<reponame>", middle: "<file_sep>" };

export async function startHearthEngine(options: HearthEngineOptions): Promise<Contestant> {
  const { root, model, threads, layout, parts, scratch } = options;
  const isInfill = layout === "infill" && model.entry.promptFormat === "prefix-only";
  const service = await startMeasuredService({
    root,
    model,
    threads,
    ...(parts === undefined ? {} : { parts }),
    ...(scratch === undefined ? {} : { scratch }),
    ...(isInfill ? { changes: { promptFormat: "stand-in" }, formats: withStandIn(root) } : {}),
  });
  const describedThreads = threads === undefined ? "threads by load" : `${threads} threads`;
  const describedParts =
    parts === undefined
      ? "all parts on"
      : Object.entries(parts)
          .map(([part, isOn]) => `${part} ${isOn ? "on" : "off"}`)
          .join(", ");
  return {
    name: options.name,
    conditions: `in process, ${isInfill ? "infill layout over stand-in tokens" : `format ${model.entry.promptFormat}`}, ${describedThreads}, ${describedParts}`,
    pid: process.pid,
    async ask(place, signal) {
      const result = await service.complete(
        {
          ...place,
          // An explicit request is not ended early for want of confidence; a block goes on over line ends.
          requestClass: "explicit",
          shape: "block",
          findBlockEnd: () => undefined,
          maxTokens: ANSWER_TOKENS,
        },
        signal,
      );
      if (!result.ok) {
        if (result.failure.kind === "failed") throw new Error(result.failure.reason);
        return undefined;
      }
      const { tokens, timing } = result.value;
      return { ...tokens, firstTokenMs: timing.firstTokenMs };
    },
    dispose: () => service.dispose(),
  };
}

function withStandIn(root: string): string {
  const parsed = JSON.parse(readFileSync(join(root, "models", "prompt-formats.json"), "utf8")) as {
    readonly formats: object;
  };
  const standIn = { kind: "infill", order: "prefix-suffix-middle", ...STAND_INS, path: "comment", stop: [] };
  return JSON.stringify({ formats: { ...parsed.formats, "stand-in": standIn } });
}
