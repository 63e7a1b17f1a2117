// Text cut into pieces that are tokenised on their own, so that an edit changes the tokens of the pieces it touches only.
import { createLru } from "../../kernel/index.ts";
import type { EngineModel, Token } from "../engine/engine.ts";

/**
 * Where a tokeniser lets a line break go: `leading` vocabularies keep it with the next line's indentation (GPT-2's
 * pattern), `trailing` ones with the end of the line before. Cutting on the other side gives tokens that the model
 * never saw.
 */
export type LineJoint = "leading" | "trailing";

/** Longer lines (minified files) are cut at multiples of this many UTF-16 units from the line's start. */
const LONGEST_SEGMENT = 512;

/** The pieces, in order; joined they are the text. A leading joint keeps white space at the end as a last piece. */
export function splitSegments(text: string, joint: LineJoint): string[] {
  const pattern =
    joint === "leading" ? /\s*\S(?:[^\n]*\S)?|\s+$/g : /[^\S\n]*\S[^\n]*(?:\s*\n)?|\s*\n|[^\S\n]+$/g;
  const segments: string[] = [];
  for (const match of text.matchAll(pattern)) {
    const segment = match[0];
    for (let at = 0; at < segment.length;) {
      let end = Math.min(segment.length, at + LONGEST_SEGMENT);
      if (end < segment.length && isHighSurrogate(segment.charCodeAt(end - 1))) end -= 1;
      segments.push(segment.slice(at, end));
      at = end;
    }
  }
  return segments;
}

const PROBE = "def f(a):\n    x = [a, 1]\n\n    return x\n\n\nclass B {\n\tint c;\n}\n";

/** The joint with which pieces of a sample give the tokens of the whole, or comes nearest. */
export function probeJoint(model: Pick<EngineModel, "tokenize">): LineJoint {
  const whole = model.tokenize(PROBE);
  const cost = (joint: LineJoint): number => {
    const pieces = splitSegments(PROBE, joint).flatMap((segment) => model.tokenize(segment));
    const isSame = pieces.length === whole.length && pieces.every((token, index) => token === whole[index]);
    return isSame ? 0 : 1 + Math.abs(pieces.length - whole.length);
  };
  return cost("leading") < cost("trailing") ? "leading" : "trailing";
}

export interface SegmentTokens {
  tokensOf(segment: string): readonly Token[];
}

/** About 100 bytes a line: a few megabytes at most. */
const CACHED_SEGMENTS = 8192;

export function createSegmentTokens(model: Pick<EngineModel, "tokenize">): SegmentTokens {
  const cache = createLru<string, readonly Token[]>(CACHED_SEGMENTS);
  return {
    tokensOf(segment) {
      const known = cache.get(segment);
      if (known !== undefined) return known;
      const tokens = model.tokenize(segment);
      cache.set(segment, tokens);
      return tokens;
    },
  };
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}
