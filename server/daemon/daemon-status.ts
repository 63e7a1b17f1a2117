// What a daemon says of itself: the answer to `hearth status`, and most of `hearth doctor`.
import type { LineTotals } from "../features/index.ts";
import type { InferenceStatus } from "../inference/index.ts";
import type { BugRecord } from "../kernel/index.ts";
import type { SessionStatus } from "../session/index.ts";
import type { SyntaxStatus } from "../syntax/index.ts";

export interface ConnectedSession extends SessionStatus {
  readonly forwarderPid: number;
  /** The process that started the forwarder. */
  readonly editorPid: number;
}

export interface DaemonStatus {
  readonly pid: number;
  readonly version: string;
  readonly build: string;
  readonly node: string;
  readonly platform: string;
  /** Undefined for a private daemon. */
  readonly socket: string | undefined;
  readonly uptimeMs: number;
  /** Resident, heap in use, and outside the heap: weights that are mapped count as resident while they are in memory. */
  readonly memory: {
    readonly residentBytes: number;
    readonly heapBytes: number;
    readonly externalBytes: number;
  };
  /** The longest time that the event loop was blocked since the start. */
  readonly longestStallMs: number;
  /** Null when it stays for ever. */
  readonly idleExitMs: number | null;
  readonly sessions: readonly ConnectedSession[];
  readonly inference: InferenceStatus;
  readonly completion: LineTotals;
  readonly syntax: SyntaxStatus;
  /** Sentences about settings of the machine that were not taken. */
  readonly settingsProblems: readonly string[];
  readonly bugs: readonly BugRecord[];
  readonly logFile: string;
}
