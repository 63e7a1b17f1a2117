// Now and then, when nothing else is to do, an edited tree is held against a fresh parse: a grammar whose scanner keeps state
// wrongly is noticed, reported and healed, instead of being wrong until the file is closed.
import type { Slice } from "./background-lane.ts";
import { createParseJob } from "./parse-job.ts";
import type { FinishedParse } from "./parse-job.ts";
import { firstDifference } from "./same-tree.ts";
import type { OwnedSnapshot } from "./snapshot.ts";
import type { TrialDeps } from "./trial.ts";

/** Edits between two checks of one document. */
export const CHECKED_EDITS = 200;
/** Comparing longer texts (UTF-16 units) would take more than a slice. */
const MAX_CHECKED_LENGTH = 50_000;

/** `onDifference` gets the fresh parse, which it owns, and whether both trees are without errors, where no difference is allowed. */
export function createSelfCheck(
  deps: TrialDeps,
  snapshot: OwnedSnapshot,
  isCurrent: () => boolean,
  onDifference: (fresh: FinishedParse, isClean: boolean) => void,
): Slice {
  if (snapshot.text.content.length > MAX_CHECKED_LENGTH) return () => true;
  const job = createParseJob({ ...deps, text: snapshot.text, base: undefined });
  return (deadlineMs) => {
    if (!isCurrent()) {
      job.abandon();
      return true;
    }
    const fresh = job.run(deadlineMs);
    if (fresh === undefined) return false;
    if (firstDifference(snapshot.owned.tree, fresh.owned.tree) === undefined) fresh.owned.release();
    else onDifference(fresh, !snapshot.owned.tree.rootNode.hasError && !fresh.owned.tree.rootNode.hasError);
    return true;
  };
}
