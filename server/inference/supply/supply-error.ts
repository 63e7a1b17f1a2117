// Inside the supplier a failure travels as one thrown class; the supplier's door turns it into a result.
import { HearthError, describeError, isCancelled } from "../../kernel/index.ts";
import type { SupplyFailure } from "../model-source.ts";

export class SupplyError extends Error {
  readonly failure: SupplyFailure;

  constructor(failure: SupplyFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

export function give(failure: SupplyFailure): SupplyError {
  return new SupplyError(failure);
}

/** What a thrown value means for the caller; undefined is a bug, to be thrown on. */
export function failureOf(error: unknown): SupplyFailure | undefined {
  if (error instanceof SupplyError) return error.failure;
  if (isCancelled(error)) return { kind: "cancelled" };
  if (error instanceof HearthError && (error.code === "not-permitted" || error.code === "io-failed")) {
    return { kind: "disk-failed", reason: describeError(error) };
  }
  return undefined;
}
