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

/** A small file beside the model did not fit. */
const ONE_BLOCK_BYTES = 4096;

/** What a thrown value means for the caller; undefined is a bug, to be thrown on. `folder`: where the models lie. */
export function failureOf(error: unknown, folder: string): SupplyFailure | undefined {
  if (error instanceof SupplyError) return error.failure;
  if (isCancelled(error)) return { kind: "cancelled" };
  if (!(error instanceof HearthError)) return undefined;
  return error.code === "no-space"
    ? { kind: "no-space", neededBytes: ONE_BLOCK_BYTES, freeBytes: 0, folder }
    : { kind: "disk-failed", reason: describeError(error) };
}
