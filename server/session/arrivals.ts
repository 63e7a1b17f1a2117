// Messages that were let in and are on their way to their handler, and requests that wait for their answer.
import type { NotificationRoute, RequestRoute, AcceptedRequest } from "./route.ts";
import type { SessionState } from "./state.ts";

export type RequestId = string | number;

/** Why a request is answered before its handler is done. */
export type EarlyEnd = "cancelled" | "superseded" | "overtaken" | "deadline" | "ended";

export interface RequestArrival {
  readonly kind: "request";
  /** Our own number: clients may use `1` and `"1"`, or one id twice. */
  readonly ticket: number;
  readonly clientId: RequestId;
  readonly method: string;
  readonly arrivedMs: number;
  /** Undefined for `initialize`, `shutdown` and methods that nobody handles. */
  readonly work: { readonly route: RequestRoute; readonly accepted: AcceptedRequest } | undefined;
  /** Set before the handler runs, or by whoever ends it early; calls `onEarlyEnd` once. */
  earlyEnd: EarlyEnd | undefined;
  onEarlyEnd: (() => void) | undefined;
}

export interface NotificationArrival {
  readonly kind: "notification";
  readonly route: NotificationRoute;
  readonly arrivedMs: number;
  readonly apply: (state: SessionState) => void;
}

export function endEarly(arrival: RequestArrival, reason: EarlyEnd): void {
  if (arrival.earlyEnd !== undefined) return;
  arrival.earlyEnd = reason;
  arrival.onEarlyEnd?.();
}
