// Source text never becomes a special token, whatever the vocabulary makes of it.
import type { EngineModel, Token } from "../engine/engine.ts";

/**
 * The model with the format's tokens among the special ones. Vocabularies that carry them as tokens of the user's own,
 * or that spell a control token out of smaller pieces, would make them out of a text that merely mentions them.
 */
export function keepPlain(model: EngineModel, special: ReadonlySet<Token>): EngineModel {
  const isSpecial = (token: Token): boolean => special.has(token) || model.isSpecial(token);
  const tokenize = (text: string): readonly Token[] => {
    const tokens = model.tokenize(text);
    if (!tokens.some(isSpecial)) return tokens;
    const middle = findMiddle(text);
    // A special token of one character cannot be taken apart.
    if (middle === 0) return tokens.filter((token) => !isSpecial(token));
    return [...tokenize(text.slice(0, middle)), ...tokenize(text.slice(middle))];
  };
  return { ...model, isSpecial, tokenize };
}

/** Never inside of a surrogate pair; 0 when there is nothing to cut. */
function findMiddle(text: string): number {
  const middle = text.length >> 1;
  const isInside = /[\uD800-\uDBFF]$/.test(text.slice(0, middle));
  return isInside ? middle - 1 : middle;
}
