// Keeps the model's state near the cursor while nobody types, so that the next completion there is cheap.
import type { Clock } from "../../platform/index.ts";
import { lineAt, lineStart, lineText } from "../../text/index.ts";
import type { Offset } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import { questionAt } from "./model/line-question.ts";
import type { ModelLines } from "./model/model-lines.ts";

export interface Warming {
  /**
   * A document was opened, or something happened at `offset`: warms the place once the user pauses on a new line, at
   * once on a line that Enter has just opened. An edit above moves the place, so it is warmed again.
   */
  onDocumentActivity(snapshot: DocumentSnapshot, offset: Offset): void;
  onDocumentClosed(snapshot: DocumentSnapshot): void;
}

/** Longer than the gap between two keystrokes of a fast typist, shorter than a look at the menu. */
const IDLE_MS = 150;

interface Warmed {
  readonly line: number;
  readonly start: Offset;
}

export function createWarming(deps: { readonly lines: ModelLines; readonly clock: Clock }): Warming {
  const { lines, clock } = deps;
  const documents = new Map<
    string,
    { readonly warmed: Warmed | undefined; readonly seen: Warmed; readonly cancel: () => void }
  >();
  return {
    onDocumentActivity(snapshot, offset) {
      if (snapshot.oversize !== undefined) return;
      const { text } = snapshot;
      const line = lineAt(text, offset);
      const here = { line, start: lineStart(text, line) };
      const known = documents.get(snapshot.id);
      known?.cancel();
      const warmed = known?.warmed;
      if (warmed?.line === line && warmed.start === here.start) {
        documents.set(snapshot.id, { warmed, seen: here, cancel: () => undefined });
        return;
      }
      const isNewLine = known?.seen.line === line - 1 && lineText(text, line).trim() === "";
      const cancel = clock.schedule(isNewLine ? 0 : IDLE_MS, () => {
        documents.set(snapshot.id, { warmed: here, seen: here, cancel: () => undefined });
        lines.warm(questionAt(snapshot, offset));
      });
      documents.set(snapshot.id, { warmed, seen: here, cancel });
    },

    onDocumentClosed(snapshot) {
      documents.get(snapshot.id)?.cancel();
      documents.delete(snapshot.id);
      lines.forget(snapshot.id);
    },
  };
}
