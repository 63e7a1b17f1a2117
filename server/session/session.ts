// One client: its connection, its documents, its answers. Several sessions live in one daemon and share only `SessionDeps`.
import type { BugRecorder, Foreground, HistogramSummary } from "../kernel/index.ts";
import type {
  AcceptanceFeature,
  ActionsFeature,
  CompletionFeature,
  DiagnosticsFeature,
  InlineFeature,
  SymbolsFeature,
  Warming,
} from "../features/index.ts";
import type { InferenceService } from "../inference/index.ts";
import type { Clock, Log } from "../platform/index.ts";
import type { SettingsFiles, SettingsSource } from "../settings/index.ts";
import type { SyntaxService } from "../syntax/index.ts";

/** A duplex of protocol bytes; closing either side ends the session. */
export interface ByteStream {
  /** Calls for each chunk; the last call is `onEnd`, once. */
  listen(onBytes: (chunk: Uint8Array) => void, onEnd: (reason: string) => void): void;
  /** Resolves when the chunk was handed to the operating system: the writer's back pressure. */
  write(chunk: Uint8Array): Promise<void>;
  end(): void;
}

export interface SessionDeps {
  readonly syntax: SyntaxService;
  readonly inference: InferenceService;
  readonly completion: CompletionFeature;
  readonly inline: InlineFeature;
  readonly diagnostics: DiagnosticsFeature;
  readonly actions: ActionsFeature;
  readonly symbols: SymbolsFeature;
  readonly warming: Warming;
  readonly acceptance: AcceptanceFeature;
  /** The machine's settings; a session adds what its client and its workspace folders say. */
  readonly settings: SettingsSource;
  /** Reads the settings files of workspace folders. */
  readonly files: SettingsFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly bugs: BugRecorder;
  /** Is told of every message that waits for its turn. */
  readonly foreground: Foreground;
  readonly serverVersion: string;
  /** True when a process id still runs; "not permitted" counts as running. */
  readonly isProcessAlive: (pid: number) => boolean;
}

export interface SessionStatus {
  readonly id: number;
  readonly clientName: string;
  readonly phase: "waiting" | "initializing" | "running" | "shut-down" | "ended";
  readonly folders: readonly string[];
  readonly openDocuments: number;
  readonly requestsInFlight: number;
  /** Sentences about settings that were not taken. */
  readonly settingsProblems: readonly string[];
  /** Per method: work time in the daemon, from arrival to answer. */
  readonly latencies: Readonly<Record<string, HistogramSummary>>;
}

export interface Session {
  status(): SessionStatus;
  /** Resolves with the exit code that a process of its own would have: 0 after shutdown, 1 otherwise. */
  readonly ended: Promise<number>;
  /** Ends the session from the daemon's side: in-flight requests are answered, then the stream is closed. */
  end(reason: string): void;
}

export type OpenSession = (id: number, stream: ByteStream, deps: SessionDeps) => Session;
