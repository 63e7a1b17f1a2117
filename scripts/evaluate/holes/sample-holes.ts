// Holes in held-out files: the rest of a line, a whole line, a block of two to six lines. The same for the same seed.
import { createChance, shuffle } from "../../report/statistics.ts";
import { maskLine, maskableLines } from "../masking.ts";
import type { HeldOutFile } from "./held-out.ts";

export const holeKinds = ["rest", "line", "block"] as const;
export type HoleKind = (typeof holeKinds)[number];

export interface Hole {
  readonly id: string;
  readonly kind: HoleKind;
  readonly language: string;
  readonly package: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly truth: string;
  /** Of a block: how far the line that opens it is indented, in columns. */
  readonly openWidth: number;
}

const MOST_BLOCK_LINES = 6;
const LEAST_ABOVE = 12;
/** A tab counts as this many columns. */
const TAB_COLUMNS = 4;
/** Of one file at most this many holes of a kind, so that a few long files do not decide. */
const MOST_OF_A_FILE = 4;

type Find = (file: HeldOutFile, chance: () => number) => Hole | undefined;

/** `count` holes of each kind in each language, in rounds, so that a run that is cut off has seen all of them alike. */
export function sampleHoles(files: readonly HeldOutFile[], count: number, seed: number): readonly Hole[] {
  const languages = [...new Set(files.map(({ language }) => language))].sort();
  const columns = languages.flatMap((language) =>
    holeKinds.map((kind) =>
      sampleKind(
        files.filter((file) => file.language === language),
        kind,
        count,
        seed,
      ),
    ),
  );
  return Array.from({ length: count }, (_, round) => columns.flatMap((holes) => holes[round] ?? [])).flat();
}

/** Packages take turns, and inside of a package its files do. */
function sampleKind(files: readonly HeldOutFile[], kind: HoleKind, count: number, seed: number): Hole[] {
  const chance = createChance(seed);
  const byPackage = new Map<string, HeldOutFile[]>();
  for (const file of shuffle(files, chance)) {
    const known = byPackage.get(file.package);
    if (known === undefined) byPackage.set(file.package, [file]);
    else known.push(file);
  }
  const holes = new Map<string, Hole>();
  const find = FINDERS[kind];
  for (let round = 0; holes.size < count && byPackage.size > 0; round += 1) {
    for (const [owner, owned] of byPackage) {
      const file = owned[round % owned.length];
      if (file === undefined || round >= owned.length * MOST_OF_A_FILE) {
        byPackage.delete(owner);
        continue;
      }
      const hole = find(file, chance);
      if (hole !== undefined) holes.set(hole.id, hole);
      if (holes.size === count) break;
    }
  }
  return [...holes.values()];
}

const FINDERS: Readonly<Record<HoleKind, Find>> = {
  rest: (file, chance) => findLine(file, "rest", chance),
  line: (file, chance) => findLine(file, "line", chance),
  block: findBlock,
};

function findLine(file: HeldOutFile, kind: "rest" | "line", chance: () => number): Hole | undefined {
  const lines = maskableLines(file.content);
  const line = lines[Math.floor(chance() * lines.length)];
  if (line === undefined) return undefined;
  const place = maskLine(file, line, chance)?.places.find((one) => one.kind === kind);
  if (place === undefined) return undefined;
  const { before, after, truth } = place;
  return describe(file, kind, line, { before, after, truth, openWidth: 0 });
}

/** The lines below one that are indented deeper than it, where they are two to six and stand there once. */
function findBlock(file: HeldOutFile, chance: () => number): Hole | undefined {
  const lines = file.content.split("\n");
  const blocks = lines.flatMap((line, head) => {
    if (head < LEAST_ABOVE || line.trim() === "") return [];
    const end = endOfBlock(lines, head);
    const filled = lines.slice(head + 1, end).filter((one) => one.trim() !== "").length;
    return filled >= 2 && end - head - 1 <= MOST_BLOCK_LINES ? [{ head, end }] : [];
  });
  const block = blocks[Math.floor(chance() * blocks.length)];
  const head = lines[block?.head ?? 0];
  const first = lines[(block?.head ?? 0) + 1];
  if (block === undefined || head === undefined || first === undefined) return undefined;
  const indent = /^\s*/.exec(first)?.[0] ?? "";
  const before = `${lines.slice(0, block.head + 1).join("\n")}\n${indent}`;
  const truth = lines
    .slice(block.head + 1, block.end)
    .join("\n")
    .slice(indent.length)
    .trimEnd();
  const after = lines
    .slice(block.end)
    .map((line) => `\n${line}`)
    .join("");
  if (before.includes(truth) || after.includes(truth)) return undefined;
  return describe(file, "block", block.head + 2, { before, after, truth, openWidth: widthOf(head) });
}

/** Index after the last line that stands deeper than the line at `head`; blank lines at the end do not belong to it. */
function endOfBlock(lines: readonly string[], head: number): number {
  const open = widthOf(lines[head] ?? "");
  let end = head + 1;
  for (let at = head + 1; at < lines.length && at <= head + MOST_BLOCK_LINES + 1; at += 1) {
    const line = lines[at] ?? "";
    if (line.trim() === "") continue;
    if (widthOf(line) <= open) return end;
    end = at + 1;
  }
  // The file ends, or the block is longer than it may be.
  return end;
}

function widthOf(line: string): number {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  const tabs = indent.split("\t").length - 1;
  return indent.length + tabs * (TAB_COLUMNS - 1);
}

function describe(
  file: HeldOutFile,
  kind: HoleKind,
  line: number,
  cut: Pick<Hole, "before" | "after" | "truth" | "openWidth">,
): Hole {
  const { language, package: owner, path } = file;
  return { id: `${kind} ${file.name}:${line}`, kind, language, package: owner, path, ...cut };
}
