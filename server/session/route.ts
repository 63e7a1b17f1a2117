// What a row of the routing table says, and the two functions that make rows from typed handlers.
import type { ServerCapabilities } from "vscode-languageserver";
import { fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import { parseWith } from "../protocol/index.ts";
import type { ClientProfile, ContentChanges, DocumentParams, Parser } from "../protocol/index.ts";
import type { Settings } from "../settings/index.ts";
import type { DocumentSnapshot } from "../workspace/index.ts";
import type { SessionDeps } from "./session.ts";
import type { SessionState } from "./state.ts";

/** What may wait for what: mutations are synchronous, typing beats navigation, background waits for everybody. */
export type ExecutionClass = "mutate" | "typing" | "navigation" | "background";

/** What a handler can read. Everything was taken when the message arrived. */
export interface RequestContext {
  readonly deps: SessionDeps;
  readonly client: ClientProfile;
  readonly settings: Settings;
  readonly snapshot: DocumentSnapshot;
  /** The document as it is now: findings and outlines may belong to a newer text than `snapshot`. */
  readonly latest: () => DocumentSnapshot | undefined;
  /** All open documents of the client, as they were when the message arrived. */
  readonly openDocuments: readonly DocumentSnapshot[];
  /** Milliseconds since the document's last edit when the request was begun; infinite when there was none. */
  readonly editedAgoMs: number;
  /** Fires when the request was cancelled, superseded, ran past its deadline, or the session ends. */
  readonly signal: AbortSignal;
}

/** What capabilities depend on beside the client. */
export interface Offer {
  /** Characters after which a member name follows in some language. */
  readonly triggerCharacters: readonly string[];
}

/** Static server capabilities, or nothing where the client cannot use the method. */
export type Capability = (client: ClientProfile, offer: Offer) => ServerCapabilities | undefined;

interface Row {
  readonly method: string;
  readonly executionClass: ExecutionClass;
  readonly capability: Capability;
}

export interface AcceptedRequest {
  readonly uri: string;
  readonly params: unknown;
  /** After these changes of its document nobody has a use for the answer. */
  readonly isOvertakenBy: (changes: ContentChanges) => boolean;
  readonly run: (context: RequestContext) => unknown;
}

export interface RequestRoute extends Row {
  /** `open`: the document must be open; `parsed`: its text must also be parsed. */
  readonly readiness: "open" | "parsed";
  /** From arrival; then the empty answer is given and the work is cancelled. */
  readonly deadlineMs: number;
  /** A newer request for the same document and method answers the older one at once. */
  readonly supersedes: boolean;
  /** The answer when the document is not there or not ready, at the deadline, when superseded, and at the end of the session. */
  readonly empty: (client: ClientProfile, params: unknown) => unknown;
  readonly accept: (raw: unknown) => Result<AcceptedRequest, string>;
}

export interface NotificationRoute extends Row {
  readonly accept: (raw: unknown) => Result<(state: SessionState) => void, string>;
}

export function documentRequest<Params extends DocumentParams>(row: {
  readonly method: string;
  readonly executionClass: Exclude<ExecutionClass, "mutate">;
  readonly readiness: RequestRoute["readiness"];
  readonly deadlineMs: number;
  readonly supersedes: boolean;
  readonly empty: RequestRoute["empty"];
  /** Only for routes that supersede. Absent: changes never matter. */
  readonly isOvertakenBy?: (params: Params, changes: ContentChanges) => boolean;
  readonly capability: Capability;
  readonly params: Parser<Params>;
  readonly handle: (context: RequestContext, params: Params) => unknown;
}): RequestRoute {
  return {
    ...row,
    accept(raw) {
      const parsed = parseWith(row.params, raw);
      if (!parsed.ok) return fail(parsed.failure);
      const params = parsed.value;
      return succeed({
        uri: params.textDocument.uri,
        params,
        isOvertakenBy: (changes) => row.isOvertakenBy?.(params, changes) ?? false,
        run: (context) => row.handle(context, params),
      });
    },
  };
}

/** The handler is synchronous: nothing can be observed half applied. */
export function mutation<Params>(row: {
  readonly method: string;
  readonly capability: Capability;
  readonly params: Parser<Params>;
  readonly apply: (state: SessionState, params: Params) => void;
}): NotificationRoute {
  return {
    method: row.method,
    executionClass: "mutate",
    capability: row.capability,
    accept(raw) {
      const parsed = parseWith(row.params, raw);
      if (!parsed.ok) return fail(parsed.failure);
      return succeed((state) => row.apply(state, parsed.value));
    },
  };
}
