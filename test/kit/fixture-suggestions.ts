// A fixture model on disk that answers with a known line and a known block, for tests that go through a whole server.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { END, buildFixtureModel, chain } from "./fixture-model.ts";

/** What follows an opening bracket, and what follows a colon at the end of a line. */
export const FIXTURE_LINE = "calculatePrice)";
export const FIXTURE_BLOCK = "\n    total = f(items)\n    return total";

export interface SuggestionModel {
  /** For `HEARTH_MODEL_ID`. */
  readonly url: string;
  dispose(): void;
}

export function writeSuggestionModel(): SuggestionModel {
  const folder = mkdtempSync(join(tmpdir(), "hearth-model-"));
  const file = join(folder, "fixture.gguf");
  const lines = FIXTURE_BLOCK.split(/(?=\n)/);
  const next = [...chain("(", "calculate", "Price", ")", "\n"), ...chain(":", ...lines, END)];
  writeFileSync(file, buildFixtureModel({ words: ["calculate", "Price", ...lines], next }));
  return { url: pathToFileURL(file).href, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
