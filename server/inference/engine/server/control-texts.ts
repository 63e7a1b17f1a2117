// Texts that a server would read as control tokens although they stand in the user's code: a prompt must not be steered by what it shows.
import { escapeForPattern } from "../../../kernel/index.ts";

/**
 * Servers look for control tokens in the text of a prompt. Which ones a model has is not known for every server, so everything that
 * looks like one of a known family counts; a false alarm costs one odd character in the prompt.
 */
const FAMILIES: readonly string[] = [
  String.raw`<\|[^\s|<>]{1,40}\|>`,
  String.raw`<｜[^\n｜]{1,40}｜>`,
  String.raw`<\[[^\n\]]{1,40}\]>`,
  String.raw`<\/?(?:s|bos|eos|pad|unk|mask|EOT|PRE|SUF|MID|REPO|filename|reponame)>`,
  String.raw`<[a-z]+(?:[_-][a-z0-9]+)+>`,
  String.raw`\[\/?(?:INST|SUFFIX|PREFIX|MIDDLE|SYSTEM_PROMPT|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS)\]`,
];

/** In a zero-width space the control token ends to be one, and every tokeniser knows the character. */
const BREAKER = "\u200b";

export interface ControlTexts {
  has(text: string): boolean;
  /** The text in parts: the joints lie behind the first character of what looks like a control token. */
  split(text: string): readonly string[];
  /** The text with a zero-width space at those joints. */
  break(text: string): string;
  /** An answer that repeats a broken text, as it stands in the user's code. */
  mend(text: string): string;
  /** Where the first of these control texts begins in an answer; -1: nowhere. */
  findIn(answer: string): number;
}

/** `known` are control texts that are certain, in whatever family. */
export function createControlTexts(known: readonly string[]): ControlTexts {
  const literal = known.filter((text) => text.length > 1).map(escapeForPattern);
  const source = [...literal.sort((a, b) => b.length - a.length), ...FAMILIES].join("|");
  const pattern = new RegExp(source, "gu");
  const once = new RegExp(source, "u");
  const certain = known.filter((text) => text.length > 1);
  const split = (text: string): string[] => {
    const parts: string[] = [];
    let from = 0;
    for (const { index } of text.matchAll(pattern)) {
      parts.push(text.slice(from, index + 1));
      from = index + 1;
    }
    return [...parts, text.slice(from)];
  };
  return {
    has: (text) => once.test(text),
    split,
    break: (text) => split(text).join(BREAKER),
    mend: (text) => text.replaceAll(/([<[])\u200b/g, "$1"),
    findIn(answer) {
      const places = certain.map((text) => answer.indexOf(text)).filter((at) => at !== -1);
      return places.length === 0 ? -1 : Math.min(...places);
    },
  };
}
