// Messages to the person at the editor: each text once, and never many, since every one of them interrupts somebody.
import type { Clock, Log } from "../platform/index.ts";
import type { ClientCalls } from "./client-calls.ts";

export type NoticeKind = "error" | "warning" | "info";

export interface Notices {
  show(kind: NoticeKind, text: string): void;
  /** The client is ready for messages; those that came before are shown now. */
  open(): void;
  close(): void;
}

const MAX_PER_PERIOD = 5;
const PERIOD_MS = 10 * 60_000;
const types: Readonly<Record<NoticeKind, number>> = { error: 1, warning: 2, info: 3 };

export function createNotices(deps: {
  readonly calls: ClientCalls;
  readonly clock: Clock;
  readonly log: Log;
}): Notices {
  const shown = new Set<string>();
  let times: readonly number[] = [];
  let isOpen = false;
  let isClosed = false;
  let early: { readonly kind: NoticeKind; readonly text: string }[] = [];

  const show = (kind: NoticeKind, text: string): void => {
    if (isClosed || shown.has(text)) return;
    if (!isOpen) {
      early.push({ kind, text });
      return;
    }
    shown.add(text);
    const nowMs = deps.clock.nowMs();
    times = times.filter((time) => nowMs - time < PERIOD_MS);
    // What is too much for a person still goes to the editor's own log of the server.
    const isTooMuch = times.length >= MAX_PER_PERIOD;
    if (!isTooMuch) times = [...times, nowMs];
    deps.log.debug({ kind, text, isTooMuch }, "a message for the user");
    deps.calls.tell(isTooMuch ? "window/logMessage" : "window/showMessage", {
      type: types[kind],
      message: `hearth: ${text}`,
    });
  };

  return {
    show,
    open() {
      isOpen = true;
      const waiting = early;
      early = [];
      for (const { kind, text } of waiting) show(kind, text);
    },
    close() {
      isClosed = true;
      early = [];
    },
  };
}
