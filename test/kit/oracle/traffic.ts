// One message as the checks see it: classified, with the request that a response belongs to.
import type { Phase } from "./session-model.ts";

export type Side = "client" | "server";
export type RequestId = string | number;

export interface RequestRecord {
  readonly id: RequestId;
  readonly from: Side;
  readonly method: string;
  readonly params: unknown;
  /** The phase that the session was in when the request was sent. */
  readonly phase: Phase;
  /** The session's message count when it was sent: replies speak of texts of this moment or newer ones. */
  readonly moment: number;
  readonly sentAtMs: number;
  cancelledAtMs: number | undefined;
  /** Partial results seen so far. */
  partials: number;
  /** What is wrong with the params by the schema, when the shape itself is wrong. */
  readonly paramsFault: string | undefined;
}

export interface ResponseError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

interface Common {
  readonly from: Side;
  readonly message: unknown;
  readonly atMs: number;
}

export type Traffic =
  | (Common & { readonly kind: "request"; readonly request: RequestRecord })
  | (Common & { readonly kind: "notification"; readonly method: string; readonly params: unknown })
  | (Common & {
      readonly kind: "response";
      readonly request: RequestRecord;
      readonly result: unknown;
      readonly error: ResponseError | undefined;
    });
