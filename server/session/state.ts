// What one client has told us and what it is told: changed only by mutation handlers, in the order of arrival.
import type { AcceptanceFeature, Warming } from "../features/index.ts";
import type { Log } from "../platform/index.ts";
import type { ClientProfile, ContentChanges } from "../protocol/index.ts";
import type { DocumentStore, WorkspaceFolder } from "../workspace/index.ts";
import type { DiagnosticsDelivery } from "./diagnostics-delivery.ts";
import type { EditTimes } from "./edit-times.ts";
import type { ModelProgress } from "./model-progress.ts";
import type { Notices } from "./notices.ts";
import type { SettingsSync } from "./settings-sync.ts";

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
  readonly acceptance: AcceptanceFeature;
  readonly editTimes: EditTimes;
  readonly onEdited: (uri: string, changes: ContentChanges) => void;
  readonly notices: Notices;
  readonly settingsSync: SettingsSync;
  readonly modelProgress: ModelProgress;
  readonly onInitialized: () => void;
  readonly setTrace: (value: string) => void;
  readonly log: Log;
}
