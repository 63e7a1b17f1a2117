// What one client has told us and what it is told: changed only by mutation handlers, in the order of arrival.
import type { ClientProfile } from "../protocol/index.ts";
import type { Warming } from "../features/index.ts";
import type { Log } from "../platform/index.ts";
import type { DocumentStore, WorkspaceFolder } from "../workspace/index.ts";
import type { DiagnosticsDelivery } from "./diagnostics-delivery.ts";

export interface SessionState {
  readonly client: ClientProfile;
  readonly documents: DocumentStore;
  readonly folders: {
    readonly list: () => readonly WorkspaceFolder[];
    readonly replace: (folders: readonly WorkspaceFolder[]) => void;
  };
  /** Undefined for clients that pull. */
  readonly delivery: DiagnosticsDelivery | undefined;
  readonly warming: Warming;
  readonly log: Log;
}
