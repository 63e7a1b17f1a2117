// Control characters and a model's special tokens are never code: the line ends before the first one.
import type { LineFilter } from "./line-filter.ts";

// Line ends and tabs are told apart from the other control characters: a tab may be meant.
const FOREIGN =
  /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029\ufffd]|<\|[\w ./-]*\|?>|<\uff5c[^>]*>|<\/?s>|<(?:fim|file|repo|end|start|bos|eos|pad|unk|mask)(?:_\w+)?>/;

export const cutAtControlText: LineFilter = (line) => {
  const found = FOREIGN.exec(line);
  return found === null ? line : line.slice(0, found.index);
};
