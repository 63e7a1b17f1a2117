// The error classes that are thrown: a broken environment, a bug, a cancelled piece of work. Everything else is a Result.

/** Stable codes: they appear in logs, in `hearth doctor` and in troubleshooting texts, so they are never renamed. */
export type ErrorCode =
  | "cancelled"
  | "broken-invariant"
  | "io-failed"
  | "no-space"
  | "not-permitted"
  | "invalid-input"
  | "unavailable"
  | "native-failure";

export class HearthError extends Error {
  override readonly name = "HearthError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The one value thrown when work was cancelled; compare with `isCancelled`, never show it to people. */
export function cancelled(): HearthError {
  return new HearthError("cancelled", "the work was cancelled");
}

export function isCancelled(error: unknown): boolean {
  if (error instanceof HearthError) return error.code === "cancelled";
  return error instanceof Error && error.name === "AbortError";
}

/** What went wrong, as one line for a log or a message. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${describeError(error.cause)})`;
  return `${error.message}${cause}`;
}
