// Runs one scenario body in memory, standalone and through forwarder and daemon, and stops what it started.
import { afterAll, describe } from "vitest";
import { createModes } from "../kit/modes.ts";
import type { Mode, Variables } from "../kit/modes.ts";

/** `names`: where a mode adds nothing to what the others show, it can be left out. */
export function inModes(
  body: (mode: Mode) => void,
  variables?: Variables,
  names: readonly string[] = ["memory", "standalone", "daemon"],
): void {
  const modes = createModes(variables).filter((mode) => names.includes(mode.name));
  afterAll(async () => {
    for (const mode of modes) await mode.dispose();
  });
  for (const mode of modes) describe(`in mode ${mode.name}`, () => body(mode));
}
