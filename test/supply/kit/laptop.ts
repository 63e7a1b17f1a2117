// A machine that tests judge: four cores, no graphics.
import type { Hardware } from "../../../server/inference/index.ts";

export const laptop: Hardware = {
  processor: "a laptop",
  cores: 4,
  features: ["avx2"],
  memoryBytes: 8e9,
  freeMemoryBytes: 5e9,
  bandwidthGigabytes: 20,
  graphics: undefined,
  disk: "ssd",
};
