// The form of a check: a number of its own, a view on the session, one sentence per violation.
import type { SessionModel } from "./session-model.ts";
import type { Traffic } from "./traffic.ts";

export interface Violation {
  /** The number of the check, 1 to 17. */
  readonly check: number;
  readonly sentence: string;
  /** The offending message or bytes. */
  readonly message: unknown;
}

export type Report = (sentence: string, message: unknown) => void;

export interface Check {
  readonly number: number;
  readonly name: string;
  open(session: SessionModel, report: Report): CheckRun;
}

/** `inspect` sees each well-formed message before the session model takes it in. */
export interface CheckRun {
  inspect(traffic: Traffic): void;
  /** The conversation is over; `isClean` when it ended by shutdown and exit and nothing may be left open. */
  finish?(isClean: boolean, atMs: number): void;
}

/** What a server's message carries for the checks on content: a successful reply's result or a request's or notification's params. */
export interface Content {
  readonly method: string;
  readonly value: unknown;
  /** Params of the request that is answered; the message's own params otherwise. */
  readonly params: unknown;
  readonly isReply: boolean;
  /** Replies speak of texts since this moment. */
  readonly since: number;
  readonly message: unknown;
}

/** Undefined for the client's messages and for errors. */
export function contentOf(traffic: Traffic): Content | undefined {
  if (traffic.from !== "server") return undefined;
  const message = traffic.message;
  switch (traffic.kind) {
    case "response": {
      if (traffic.error !== undefined) return undefined;
      const { method, params, moment: since } = traffic.request;
      return { method, value: traffic.result, params, isReply: true, since, message };
    }
    case "request": {
      const { method, params } = traffic.request;
      return { method, value: params, params, isReply: false, since: 0, message };
    }
    case "notification": {
      const { method, params } = traffic;
      return { method, value: params, params, isReply: false, since: 0, message };
    }
  }
}
