// Keeps the model's state near the cursor while nobody types, so that the next completion there is cheap.
import type { Clock } from "../../platform/index.ts";
import { lineAt } from "../../text/index.ts";
import type { Offset } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import { questionAt } from "./model/line-question.ts";
import type { ModelLines } from "./model/model-lines.ts";

export interface Warming {
  /** A document was opened, or something happened at `offset`: warms the place once the user pauses on a new line. */
  onDocumentActivity(snapshot: DocumentSnapshot, offset: Offset): void;
  onDocumentClosed(snapshot: DocumentSnapshot): void;
}

/** Longer than the gap between two keystrokes of a fast typist, shorter than a look at the menu. */
const IDLE_MS = 150;

export function createWarming(deps: { readonly lines: ModelLines; readonly clock: Clock }): Warming {
  const { lines, clock } = deps;
  const documents = new Map<string, { readonly warmedLine: number; readonly cancel: () => void }>();
  return {
    onDocumentActivity(snapshot, offset) {
      if (snapshot.oversize !== undefined) return;
      const line = lineAt(snapshot.text, offset);
      const known = documents.get(snapshot.id);
      known?.cancel();
      const warmedLine = known?.warmedLine ?? -1;
      if (warmedLine === line) return;
      const cancel = clock.schedule(IDLE_MS, () => {
        documents.set(snapshot.id, { warmedLine: line, cancel: () => undefined });
        lines.warm(questionAt(snapshot, offset));
      });
      documents.set(snapshot.id, { warmedLine, cancel });
    },

    onDocumentClosed(snapshot) {
      documents.get(snapshot.id)?.cancel();
      documents.delete(snapshot.id);
      lines.forget(snapshot.id);
    },
  };
}
