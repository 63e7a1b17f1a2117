// What a machine has, as far as models care: plain data, found out by `detectHardware`.

export type DiskKind = "nvme" | "ssd" | "hdd" | "unknown";

export interface Graphics {
  readonly name: string;
  readonly memoryBytes: number;
  /** True: it shares the machine's memory. */
  readonly isUnified: boolean;
  /** In gigabytes of 10^9 bytes a second, from a table of names. */
  readonly bandwidthGigabytes: number;
  /** False: the name is in no table and the figure is a cautious guess. */
  readonly isKnown: boolean;
}

export interface Hardware {
  readonly processor: string;
  /** That this process may use, without the second threads of a core. */
  readonly cores: number;
  /** Instruction sets that make reading prompts fast, by the names the system gives them; empty when it does not tell. */
  readonly features: readonly string[];
  /** The machine's, or less where a control group says so. */
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  /** Measured with one thread that copies; undefined when it could not be. */
  readonly bandwidthGigabytes: number | undefined;
  /** The one that models would use: only when a build for it is in place. */
  readonly graphics: Graphics | undefined;
  readonly disk: DiskKind;
}
