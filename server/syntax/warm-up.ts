// Makes the first keystrokes quick: asks the queries before anyone does, and runs cold parser code until it is compiled well.
import type { Clock } from "../platform/index.ts";
import type { Slice } from "./background-lane.ts";
import type { Grammar } from "./grammar-store.ts";
import type { MatchStore } from "./match-store.ts";
import { createParseJob } from "./parse-job.ts";
import type { ParseJob } from "./parse-job.ts";
import { queryNames } from "./query-files.ts";
import type { OwnedSnapshot } from "./snapshot.ts";
import type { SyntaxSnapshot } from "./syntax-service.ts";
import type { WasmEngine } from "./wasm-engine.ts";

/** UTF-16 units that a query is asked about at once: a few milliseconds of work. Each piece also costs a look at what is known. */
const MIN_PRIMED_UNITS = 4_000;
const MAX_PRIMED_UNITS = 16_000;
const PRIMED_PIECES = 64;

/** Fills the store for `tree` piece by piece; ends early when `isCurrent` says that the text has moved on. */
export function createPriming(
  store: MatchStore,
  grammar: Grammar,
  snapshot: OwnedSnapshot,
  clock: Clock,
  isCurrent: () => boolean,
): Slice {
  const share = snapshot.text.content.length / PRIMED_PIECES;
  const units = Math.round(Math.min(MAX_PRIMED_UNITS, Math.max(MIN_PRIMED_UNITS, share)));
  const names = queryNames.filter((name) => name !== "places" && name !== "tolerated");
  return (deadlineMs) => {
    for (;;) {
      const name = names[0];
      const query = name === undefined ? undefined : grammar.query(name);
      if (name === undefined || !isCurrent()) return true;
      if (query === undefined || store.prime(name, query, snapshot.owned.tree, units)) names.shift();
      // With all matches at hand the facts are a matter of milliseconds, and somebody will ask for them.
      if (names.length === 0) snapshot.facts();
      if (clock.nowMs() > deadlineMs) return names.length === 0;
    }
  };
}

/** A grammar's code is run this often; V8 has compiled what matters by then (measured: 254 ms, then 53 ms at the tenth parse). */
const WARM_PARSES = 8;
/** Longer texts are warmed up by their own parse. */
const MAX_WARM_LENGTH = 100_000;

/** Parses the text of a fresh document again and again, in idle slices. */
export function createWarmUp(
  grammar: Grammar,
  snapshot: SyntaxSnapshot,
  deps: { readonly engine: WasmEngine; readonly clock: Clock },
  onWarm: () => void,
): Slice {
  let left = snapshot.text.content.length > MAX_WARM_LENGTH ? 0 : WARM_PARSES;
  let job: ParseJob | undefined;
  return (deadlineMs) => {
    if (left > 0) {
      job ??= createParseJob({ ...deps, grammar, text: snapshot.text, base: undefined });
      const finished = job.run(deadlineMs);
      if (finished === undefined) return false;
      job = undefined;
      finished.owned.release();
      left -= 1;
    }
    if (left > 0) return false;
    onWarm();
    return true;
  };
}
