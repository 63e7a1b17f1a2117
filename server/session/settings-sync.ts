// Keeps the client's part of the settings current: from initializationOptions, then by asking where the client can be
// asked, else from what it pushes.
import type { ClientProfile } from "../protocol/index.ts";
import { mentionsSettings } from "../settings/index.ts";
import type { ClientSettings } from "../settings/index.ts";
import { filePathOf } from "../workspace/index.ts";
import type { WorkspaceFolder } from "../workspace/index.ts";
import type { ClientCalls } from "./client-calls.ts";
import type { Registrations } from "./registrations.ts";

export interface SettingsSync {
  initialized(): void;
  /** `didChangeConfiguration` came with these settings. */
  pushed(settings: unknown): void;
  foldersChanged(folders: readonly WorkspaceFolder[]): void;
}

const SECTION = "hearth";

export function createSettingsSync(deps: {
  readonly settings: ClientSettings;
  readonly client: ClientProfile;
  readonly calls: ClientCalls;
  readonly registrations: Registrations;
  /** Failures are bugs of ours: every foreign problem is a sentence in `settings.problems()`. */
  readonly background: (work: Promise<void>) => void;
}): SettingsSync {
  const { settings, client, calls, registrations, background } = deps;
  let asked = 0;

  const pull = async (pushed?: unknown): Promise<void> => {
    asked += 1;
    const mine = asked;
    const answer = await calls.ask("workspace/configuration", { items: [{ section: SECTION }] });
    // A newer question was asked meanwhile, or this one failed: the last good values stay.
    if (mine !== asked || !answer.ok || !Array.isArray(answer.value)) return;
    const values: unknown = answer.value[0];
    if (values !== null && values !== undefined) await settings.setEditor(values);
    // A client that has no such section says null: what it pushed counts then, else what it said at initialize.
    else if (mentionsSettings(pushed)) await settings.setEditor(pushed);
  };

  return {
    initialized() {
      if (client.registersConfiguration) {
        background(registrations.register("workspace/didChangeConfiguration", { section: SECTION }));
      }
      if (client.configuration) background(pull());
    },
    pushed(pushed) {
      if (client.configuration) background(pull(pushed));
      else if (mentionsSettings(pushed)) background(settings.setEditor(pushed));
    },
    foldersChanged(folders) {
      background(settings.setFolders(folders.flatMap((folder) => filePathOf(folder.uri) ?? [])));
    },
  };
}
