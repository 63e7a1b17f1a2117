// The token that the tokeniser begins a text with, remembered: names are scored again and again while somebody types.
import { createLru } from "../../kernel/index.ts";
import type { EngineModel, Token } from "../engine/engine.ts";

export interface FirstTokens {
  of(text: string): Token | undefined;
}

const REMEMBERED = 16_384;

export function createFirstTokens(model: Pick<EngineModel, "tokenize">): FirstTokens {
  const known = createLru<string, Token>(REMEMBERED);
  return {
    of(text) {
      const remembered = known.get(text);
      if (remembered !== undefined) return remembered;
      const [first] = model.tokenize(text);
      if (first !== undefined) known.set(text, first);
      return first;
    },
  };
}
