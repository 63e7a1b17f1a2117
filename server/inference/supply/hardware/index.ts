// hardware/: what the machine has, what it is worth, and which model of the catalogue fits it.
export { assess } from "./assess.ts";
export type { Assessment } from "./assess.ts";
export { detectHardware } from "./detect.ts";
export { graphicsBandwidth } from "./graphics-table.ts";
export type { Graphics, Hardware } from "./hardware.ts";
export { readTier, rememberTier } from "./known-machine.ts";
export { recommend, tasksOf, whyNotOffered } from "./recommend.ts";
export type { Verdict } from "./recommend.ts";
export type { Tier } from "./score.ts";
