// The lock file: complete for every platform, and without the name of a registry.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { missingFromLock } from "../../scripts/complete-lock.ts";

const file = new URL("../../package-lock.json", import.meta.url);

test("holds the engine's packages of every platform, or `npm ci` refuses it (node dist/scripts/complete-lock.js mends it)", () => {
  expect(missingFromLock(JSON.parse(readFileSync(file, "utf8")))).toEqual([]);
});

test("names no registry", () => {
  expect(readFileSync(file, "utf8")).not.toMatch(/"resolved"/);
});
