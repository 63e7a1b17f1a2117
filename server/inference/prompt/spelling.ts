// The end of the prompt in tokens: as the tokeniser cuts it, or as it was spelled a keystroke ago when that is held.
import type { EngineModel, Token } from "../engine/engine.ts";
import type { SequenceState } from "../sequences/sequence-state.ts";
import type { Prompt } from "./prompt.ts";

/** What a typed character may cost in evaluated prompt tokens. */
const CHEAP_TOKENS = 2;
/** Where both ways cost more, the tokeniser's is taken unless it costs this many times as much. */
const DEAR = 4;
/** A character is at most this many tokens of single bytes. */
const LONGEST_CHARACTER = 4;

/**
 * Healed text is spelled in the tokens that the model chose; when the cursor moves on, the tokeniser may cut the same
 * text differently. Its way is the better one for the model, so it is taken unless that costs more than a keystroke may.
 */
export function spellPrompt(
  prompt: Prompt,
  state: Pick<SequenceState, "countHeld" | "heldFrom">,
  model: Pick<EngineModel, "textOf" | "tokenize">,
): readonly Token[] {
  const { fixed, tail, tokens } = prompt;
  const same = state.countHeld(tokens);
  const cost = tokens.length - same;
  if (cost <= CHEAP_TOKENS || same < fixed) return tokens;

  // The piece in which the two ways part, and the token it begins with.
  let piece = 0;
  let start = fixed;
  for (;;) {
    const length = tail[piece]?.tokens.length;
    if (length === undefined || start + length > same) break;
    start += length;
    piece += 1;
  }
  const rest = tail.slice(piece);
  const held = state.heldFrom(start);
  const spelled = takeSpelled(held, rest.map(({ text }) => text).join(""), model);
  const added = tokenizeFrom(rest, spelled.length, model);
  if (added.length > CHEAP_TOKENS && added.length * DEAR > cost) return tokens;
  return [...tokens.slice(0, start), ...held.slice(0, spelled.tokens), ...added];
}

/** How many of the tokens spell the beginning of the text, and how much of it. */
function takeSpelled(
  held: readonly Token[],
  text: string,
  model: Pick<EngineModel, "textOf">,
): { readonly tokens: number; readonly length: number } {
  let tokens = 0;
  let length = 0;
  let pending: Token[] = [];
  for (const token of held) {
    pending.push(token);
    const next = model.textOf(pending);
    if (next !== "" && text.startsWith(next, length)) {
      tokens += pending.length;
      length += next.length;
      pending = [];
    } else if (!next.includes("\uFFFD") || pending.length === LONGEST_CHARACTER) break;
  }
  return { tokens, length };
}

/** The pieces' tokens from an offset in their text on. */
function tokenizeFrom(
  pieces: readonly { readonly text: string; readonly tokens: readonly Token[] }[],
  offset: number,
  model: Pick<EngineModel, "tokenize">,
): Token[] {
  const added: Token[] = [];
  let before = 0;
  for (const { text, tokens } of pieces) {
    const from = Math.max(0, offset - before);
    before += text.length;
    if (from < text.length) added.push(...(from === 0 ? tokens : model.tokenize(text.slice(from))));
  }
  return added;
}
