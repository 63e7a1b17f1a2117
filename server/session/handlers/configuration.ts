// workspace/didChangeConfiguration, workspace/didChangeWorkspaceFolders: what the client says about itself after the start.
import { didChangeConfigurationParams, didChangeWorkspaceFoldersParams } from "../../protocol/index.ts";
import { uriKey } from "../../workspace/index.ts";
import { mutation } from "../route.ts";
import type { NotificationRoute } from "../route.ts";

export const didChangeConfiguration: NotificationRoute = mutation({
  method: "workspace/didChangeConfiguration",
  capability: () => undefined,
  params: didChangeConfigurationParams,
  apply(state, { settings }) {
    state.settingsSync.pushed(settings);
  },
});

export const didChangeWorkspaceFolders: NotificationRoute = mutation({
  method: "workspace/didChangeWorkspaceFolders",
  capability: (client) =>
    client.workspaceFolders
      ? { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }
      : undefined,
  params: didChangeWorkspaceFoldersParams,
  apply(state, { event }) {
    const gone = new Set([...event.removed, ...event.added].map((folder) => uriKey(folder.uri)));
    const kept = state.folders.list().filter((folder) => !gone.has(uriKey(folder.uri)));
    const folders = [...kept, ...event.added];
    state.folders.replace(folders);
    state.settingsSync.foldersChanged(folders);
  },
});
