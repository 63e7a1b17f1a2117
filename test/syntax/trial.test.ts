// An edit that is only tried: the errors and the names of the text that it would make.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SyntaxService } from "../../server/syntax/index.ts";
import { createHastyClock, openText, startService, stoppedClock } from "./service.ts";

let service: SyntaxService;
beforeAll(async () => {
  service = await startService({ clock: stoppedClock });
});
afterAll(() => service.dispose());

it("tells the errors, and what the new text declares, imports and uses, strings and comments aside", async () => {
  const before = "import os\n\ndef first(value):\n    ";
  const parsed = await openText(service, "python", `${before}\n\nsecond = first(1)\n`).parsed();
  const newText = 'import re as regex\n    total = regex.sub("name", value)  # word';
  const trial = parsed.trialOf({ start: before.length, end: before.length, newText }, 1);
  expect(trial?.errorCount).toBe(0);
  expect(trial?.declarations.map(({ name }) => name)).toEqual(["total"]);
  expect(trial?.imports.flatMap(({ names }) => names.map(({ alias }) => alias))).toEqual(["regex"]);
  expect(trial?.references.map(({ name }) => name).sort()).toEqual(["regex", "sub", "value"]);
  expect(trial?.references.find(({ name }) => name === "value")?.span.start).toBe(
    before.length + newText.indexOf("value"),
  );
  const broken = parsed.trialOf({ start: before.length, end: before.length, newText: "return )" }, 1);
  expect(broken?.errorCount).toBeGreaterThan(0);
});

it("says nothing when the time is over", async () => {
  const hasty = await startService({ clock: createHastyClock() });
  const parsed = await openText(hasty, "python", "x = 1\n".repeat(20_000)).parsed();
  expect(parsed.trialOf({ start: 0, end: 0, newText: "y = x\n" }, 1)).toBeUndefined();
  hasty.dispose();
});
