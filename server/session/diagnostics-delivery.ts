// Findings pushed to clients that cannot pull: after a pause in typing, with the version they belong to, cleared on close.
import type { PublishDiagnosticsParams } from "vscode-languageserver";
import type { DiagnosticsFeature } from "../features/index.ts";
import { describeError, isCancelled } from "../kernel/index.ts";
import type { BugRecorder } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import { toDiagnostic } from "../protocol/index.ts";
import type { ClientProfile } from "../protocol/index.ts";
import { uriKey } from "../workspace/index.ts";
import type { DocumentSnapshot } from "../workspace/index.ts";

export interface DiagnosticsDelivery {
  /** The document was opened or edited; findings follow after the pause. */
  changed(snapshot: DocumentSnapshot, pauseMs: number): void;
  closed(uri: string): void;
  /** Something else than a text changed: all documents are looked at again. */
  refresh(): void;
  dispose(): void;
}

export interface DeliveryDeps {
  readonly feature: DiagnosticsFeature;
  readonly client: ClientProfile;
  readonly clock: Clock;
  readonly bugs: BugRecorder;
  readonly isEnabled: () => boolean;
  readonly publish: (params: PublishDiagnosticsParams) => void;
}

interface Watched {
  snapshot: DocumentSnapshot;
  stopTimer: () => void;
  running: AbortController | undefined;
  published:
    { readonly diagnostics: string; readonly version: number; readonly isEmpty: boolean } | undefined;
}

export function createDiagnosticsDelivery(deps: DeliveryDeps): DiagnosticsDelivery {
  const watched = new Map<string, Watched>();

  const publish = (
    entry: Watched,
    snapshot: DocumentSnapshot,
    diagnostics: PublishDiagnosticsParams["diagnostics"],
  ): void => {
    const text = JSON.stringify(diagnostics);
    const last = entry.published;
    const isEmpty = diagnostics.length === 0;
    // Clients that know versions drop findings of an old one after an edit, so they get the same ones again.
    const isKnown = !deps.client.publishesVersions || last?.version === snapshot.version;
    if (last?.diagnostics === text && isKnown) return;
    entry.published = { diagnostics: text, version: snapshot.version, isEmpty };
    deps.publish({
      uri: snapshot.uri,
      ...(deps.client.publishesVersions ? { version: snapshot.version } : {}),
      diagnostics,
    });
  };

  const run = async (entry: Watched): Promise<void> => {
    const controller = new AbortController();
    entry.running?.abort();
    entry.running = controller;
    const { snapshot } = entry;
    try {
      const found = deps.isEnabled()
        ? await deps.feature.findings(snapshot, controller.signal)
        : { version: snapshot.version, findings: [] };
      if (found === undefined || controller.signal.aborted) return;
      // Newer text was parsed meanwhile: its own run publishes it.
      if (found.version !== entry.snapshot.version) return;
      publish(
        entry,
        entry.snapshot,
        found.findings.map((finding) =>
          toDiagnostic(finding, entry.snapshot.text, deps.client.positionEncoding),
        ),
      );
    } catch (error) {
      if (!isCancelled(error))
        deps.bugs.report("diagnostics delivery", new Error(describeError(error), { cause: error }));
    }
  };

  return {
    changed(snapshot, pauseMs) {
      const key = uriKey(snapshot.uri);
      let entry = watched.get(key);
      if (entry === undefined) {
        entry = { snapshot, stopTimer: () => undefined, running: undefined, published: undefined };
        watched.set(key, entry);
      }
      const known = entry;
      known.snapshot = snapshot;
      known.stopTimer();
      known.stopTimer = deps.clock.schedule(pauseMs, () => void run(known));
    },
    closed(uri) {
      const entry = watched.get(uriKey(uri));
      if (entry === undefined) return;
      watched.delete(uriKey(uri));
      entry.stopTimer();
      entry.running?.abort();
      if (entry.published?.isEmpty === false) deps.publish({ uri: entry.snapshot.uri, diagnostics: [] });
    },
    refresh() {
      for (const entry of watched.values()) {
        entry.stopTimer();
        entry.stopTimer = deps.clock.schedule(0, () => void run(entry));
      }
    },
    dispose() {
      for (const entry of watched.values()) {
        entry.stopTimer();
        entry.running?.abort();
      }
      watched.clear();
    },
  };
}
