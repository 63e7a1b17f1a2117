// Changes one setting in the text of a settings file and leaves every other character of it as the user wrote it.
import { fail, isRecord, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import { parseRelaxedJson } from "./relaxed-json.ts";
import type { SettingKey } from "./table.ts";

/** The new text. Fails, in one sentence, on a text that is no object or that cannot be changed safely. */
export function setInText(text: string, key: SettingKey, value: string | null): Result<string, string> {
  const before = parseRelaxedJson(text);
  if (!before.ok) return before;
  if (!isRecord(before.value)) return fail("the settings must be an object");
  const changed = change(text, key, JSON.stringify(value), Object.keys(before.value).length === 0);
  const after = changed === undefined ? undefined : parseRelaxedJson(changed);
  // What was written is read again: a text that this simple scanner misread is not kept.
  const isRight = after?.ok === true && isRecord(after.value) && read(after.value, key) === value;
  return isRight && changed !== undefined
    ? succeed(changed)
    : fail(`${key} could not be written into it: write it by hand`);
}

function change(text: string, key: string, value: string, isEmpty: boolean): string | undefined {
  const [section = "", name = ""] = key.split(/\.(.*)/s);
  const open = skipBlanks(text, text.startsWith("\uFEFF") ? 1 : 0);
  const entry = (line: string): string => `{\n${line}\n}\n`;
  const nested = `"${section}": { "${name}": ${value} }`;
  if (open >= text.length) return `${text.slice(0, open)}${entry(`  ${nested}`)}`;
  if (text[open] !== "{") return undefined;
  const dotted = findMember(text, open, key);
  if (dotted !== undefined) return replace(text, dotted, value);
  const group = findMember(text, open, section);
  if (group === undefined || text[group.start] !== "{") {
    return insert(text, open + 1, `\n  ${nested}${isEmpty ? "\n" : ","}`);
  }
  const member = findMember(text, group.start, name);
  if (member !== undefined) return replace(text, member, value);
  const isLast = text[skipBlanks(text, group.start + 1)] === "}";
  return insert(text, group.start + 1, ` "${name}": ${value}${isLast ? " " : ","}`);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function replace(text: string, { start, end }: Range, value: string): string {
  return text.slice(0, start) + value + text.slice(end);
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

/** Where the value of a member of the object that opens at `open` stands; the last one counts, as when it is read. */
function findMember(text: string, open: number, name: string): Range | undefined {
  let found: Range | undefined;
  let at = skipBlanks(text, open + 1);
  while (at < text.length && text[at] === '"') {
    const nameEnd = skipValue(text, at);
    const start = skipBlanks(text, skipBlanks(text, nameEnd) + 1);
    const end = skipValue(text, start);
    if (text.slice(at, nameEnd) === JSON.stringify(name)) found = { start, end };
    at = skipBlanks(text, end);
    if (text[at] === ",") at = skipBlanks(text, at + 1);
  }
  return found;
}

const BLANKS = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const STRING = /"(?:\\.|[^"\\])*"/y;
const PLAIN = /[^\s,:{}[\]"/]+/y;

function skipBlanks(text: string, at: number): number {
  return match(BLANKS, text, at);
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** The end of the value that begins at `at`; brackets inside texts and comments do not count. */
function skipValue(text: string, at: number): number {
  if (text[at] === '"') return match(STRING, text, at);
  if (text[at] !== "{" && text[at] !== "[") return match(PLAIN, text, at);
  let depth = 0;
  let position = at;
  while (position < text.length) {
    const symbol = text[position] ?? "";
    if ("{[".includes(symbol)) depth += 1;
    if ("}]".includes(symbol)) depth -= 1;
    if (depth === 0) return position + 1;
    const next = symbol === '"' ? match(STRING, text, position) : skipBlanks(text, position + 1);
    position = Math.max(position + 1, next);
  }
  return position;
}

function read(settings: Readonly<Record<string, unknown>>, key: string): unknown {
  const [section = "", name = ""] = key.split(/\.(.*)/s);
  if (key in settings) return settings[key];
  const group = settings[section];
  return isRecord(group) ? group[name] : undefined;
}
