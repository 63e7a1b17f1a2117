// The prompt for a server, as text: in the same anchored order as in process, so that the server's own prefix cache keeps it.
import { fitFiles, layOut } from "../../prompt/layout.ts";
import { placeText } from "../../prompt/placement.ts";
import type { Placement, PromptMemory, PromptSource } from "../../prompt/placement.ts";
import type { PromptFormat } from "../../prompt/prompt-format.ts";
import type { FixedPart } from "../../prompt/template.ts";

/** A control token of the format by its name, or a part of the user's text. */
export type PromptPiece = FixedPart<string>;

export interface ServerPrompt extends Pick<Placement, "typed" | "lineBefore" | "memory"> {
  /** The whole prompt, up to the typed part. */
  readonly pieces: readonly PromptPiece[];
  /** The text right of the cursor, for a server that puts it into the prompt itself. */
  readonly after: string;
}

/** Code has three to four characters a token in current vocabularies; the lower bound keeps the prompt within its budget. */
const CHARACTERS_PER_TOKEN = 3;
/** As in process: half of what a line and its answer may take beside the budget. */
const LINE_TOKENS = 256;
/** What most vocabularies do; which one a server's model has is not known. */
const JOINT = "leading";

export function buildServerPrompt(
  source: PromptSource,
  layout: {
    readonly format: PromptFormat;
    readonly budgetTokens: number;
    /** False: the prompt ends at the cursor as it is. */
    readonly isHealed: boolean;
    /** False: the server is asked about the text left of the cursor only. */
    readonly hasSuffix: boolean;
  },
  previous: PromptMemory | undefined,
): ServerPrompt {
  const rules = { ...layout, joint: JOINT, count: countTokens, lineTokens: LINE_TOKENS } as const;
  const { middle, typed, lineBefore, memory, ...placed } = placeText(source, rules, previous);
  const shown = { ...source, ...placed, files: [] };
  const files = fitFiles(source.related ?? [], memory.filesBudget, shown, rules);
  const runs = [...layOut({ ...shown, files }, rules), { kind: "pieces", pieces: middle } as const];
  const pieces: PromptPiece[] = [];
  for (const run of runs) {
    const last = pieces.at(-1);
    if (run.kind === "token") pieces.push(run);
    else if (last?.kind === "text")
      pieces[pieces.length - 1] = { kind: "text", text: last.text + run.pieces.join("") };
    else pieces.push({ kind: "text", text: run.pieces.join("") });
  }
  return { pieces, after: placed.suffix.join(""), typed, lineBefore, memory };
}

/** An estimate: only the server knows its vocabulary. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** How much of a prompt a server reads that has nothing of it. */
export function countPrompt({ pieces }: ServerPrompt): number {
  return pieces.reduce((sum, piece) => sum + (piece.kind === "text" ? countTokens(piece.text) : 1), 0);
}
