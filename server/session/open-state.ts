// Builds the state of a session from what the client said in `initialize`.
import { describeError, onDispose } from "../kernel/index.ts";
import type { Disposable } from "../kernel/index.ts";
import { readClientProfile } from "../protocol/index.ts";
import type { InitializeParams } from "../protocol/index.ts";
import { createClientSettings } from "../settings/index.ts";
import type { ClientSettings } from "../settings/index.ts";
import { createDocumentStore, filePathOf } from "../workspace/index.ts";
import type { WorkspaceFolder } from "../workspace/index.ts";
import type { ClientCalls } from "./client-calls.ts";
import { createDiagnosticsDelivery } from "./diagnostics-delivery.ts";
import { createEditTimes } from "./edit-times.ts";
import { createModelProgress } from "./model-progress.ts";
import type { Notices } from "./notices.ts";
import { watchParent } from "./parent-watch.ts";
import { createRegistrations } from "./registrations.ts";
import type { SessionDeps } from "./session.ts";
import { createSettingsSync } from "./settings-sync.ts";
import type { SessionState } from "./state.ts";

export interface OpenedState extends Disposable {
  readonly state: SessionState;
  readonly settings: ClientSettings;
  /** Resolves when the settings that came with `initialize` count. */
  readonly settled: Promise<void>;
}

export interface StateDeps {
  readonly id: number;
  readonly deps: SessionDeps;
  readonly calls: ClientCalls;
  readonly notices: Notices;
  readonly setTrace: (value: string) => void;
  readonly onEdited: SessionState["onEdited"];
  readonly onParentGone: () => void;
}

/** Changes that make a client look again come in bursts (a settings file, several folders). */
const REFRESH_PAUSE_MS = 200;

export function openState(
  params: InitializeParams,
  { id, deps, calls, notices, ...rest }: StateDeps,
): OpenedState {
  const { clock, bugs } = deps;
  const client = readClientProfile(params.clientInfo?.name ?? "", params.capabilities);
  let folders = foldersOf(params);
  const background = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      bugs.report("session background", error);
      deps.log.error({ error: describeError(error) }, "work in the background failed");
    });
  };

  const settings = createClientSettings({
    machine: deps.settings,
    files: deps.files,
    onProblem: (sentence) => notices.show("warning", sentence),
  });
  const documents = createDocumentStore({
    syntax: deps.syntax,
    owner: String(id),
    folders: () => folders,
    limits: {
      get maxLength() {
        return settings.current().limits.documentCharacters;
      },
      get maxLineLength() {
        return settings.current().limits.lineCharacters;
      },
    },
  });
  const delivery = client.pullDiagnostics
    ? undefined
    : createDiagnosticsDelivery({
        feature: deps.diagnostics,
        client,
        clock,
        bugs,
        isEnabled: () => settings.current().diagnostics.enabled,
        publish: (published) => calls.tell("textDocument/publishDiagnostics", published),
      });
  const settingsSync = createSettingsSync({
    settings,
    client,
    calls,
    registrations: createRegistrations(calls),
    background,
  });
  const modelProgress = createModelProgress({
    inference: deps.inference,
    client,
    calls,
    notices,
    clock,
    owner: String(id),
  });

  let stopRefresh: (() => void) | undefined;
  let wasEnabled = settings.current().diagnostics.enabled;
  const settingsChanges = settings.onChange((current) => {
    if (current.diagnostics.enabled === wasEnabled) return;
    wasEnabled = current.diagnostics.enabled;
    delivery?.refresh();
    if (delivery !== undefined || !client.refreshesDiagnostics) return;
    stopRefresh ??= clock.schedule(REFRESH_PAUSE_MS, () => {
      stopRefresh = undefined;
      void calls.ask("workspace/diagnostic/refresh");
    });
  });
  const parentWatch = watchParent(params.processId, {
    isProcessAlive: deps.isProcessAlive,
    clock,
    onGone: rest.onParentGone,
  });
  rest.setTrace(params.trace ?? "off");

  let isInitialized = false;
  const state: SessionState = {
    client,
    documents,
    folders: {
      list: () => folders,
      replace(next) {
        folders = next;
      },
    },
    delivery,
    warming: deps.warming,
    acceptance: deps.acceptance,
    editTimes: createEditTimes(clock),
    onEdited: rest.onEdited,
    notices,
    settingsSync,
    modelProgress,
    setTrace: rest.setTrace,
    onInitialized() {
      if (isInitialized) return;
      isInitialized = true;
      notices.open();
      settingsSync.initialized();
      modelProgress.start();
      const { completion, inlineCompletion } = settings.current();
      if (completion.enabled || inlineCompletion.enabled) deps.inference.prepare();
    },
    log: deps.log,
  };

  const paths = folders.flatMap((folder) => filePathOf(folder.uri) ?? []);
  const settled = Promise.all([
    settings.setFolders(paths),
    settings.setEditor(params.initializationOptions),
  ]).then(() => undefined);
  background(settled);

  const all = onDispose(() => {
    stopRefresh?.();
    settingsChanges.dispose();
    parentWatch.dispose();
    modelProgress.end();
    delivery?.dispose();
    settings.dispose();
    for (const document of documents.all()) deps.acceptance.closed(document);
    documents.dispose();
  });
  return { state, settings, settled, dispose: () => all.dispose() };
}

/** Without folders the root counts as one; without a root there is none, and everything works on documents alone. */
function foldersOf(params: InitializeParams): readonly WorkspaceFolder[] {
  if (params.workspaceFolders !== undefined) return params.workspaceFolders;
  return params.rootUri === undefined ? [] : [{ uri: params.rootUri, name: "" }];
}
