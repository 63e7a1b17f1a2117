// The current line in tokens: as the tokeniser cuts it, or as the model spelled it a keystroke ago when that is held.
import type { EngineModel, Token } from "../engine/engine.ts";
import type { SequenceState } from "../sequences/sequence-state.ts";
import type { Prompt } from "./prompt.ts";

/** What a typed character may cost at most in evaluated prompt tokens. */
const CHEAP_TOKENS = 3;

/**
 * Healed text is spelled in the tokens that the model chose; when the cursor moves on, the tokeniser may cut the same
 * text differently. Its way is the better one for the model, so it is taken unless that costs more than a keystroke may.
 */
export function spellPrompt(
  prompt: Prompt,
  state: Pick<SequenceState, "countHeld" | "heldAfter">,
  model: Pick<EngineModel, "textOf" | "tokenize">,
): readonly Token[] {
  const tokenised = [...prompt.stable, ...prompt.lineTokens];
  if (tokenised.length - state.countHeld(tokenised) <= CHEAP_TOKENS) return tokenised;
  const spelled: Token[] = [];
  let rest = prompt.line;
  for (const token of state.heldAfter(prompt.stable)) {
    const text = model.textOf([token]);
    if (text === "" || !rest.startsWith(text)) break;
    spelled.push(token);
    rest = rest.slice(text.length);
  }
  const added = rest === "" ? [] : model.tokenize(rest);
  return added.length <= CHEAP_TOKENS && spelled.length > 0
    ? [...prompt.stable, ...spelled, ...added]
    : tokenised;
}
