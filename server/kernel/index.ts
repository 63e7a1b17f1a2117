// kernel/: small pure building blocks that every room may use. No IO, no clock of its own, no vocabulary of the domain.
export { succeed, fail } from "./result.ts";
export type { Result } from "./result.ts";
export { HearthError, cancelled, isCancelled, describeError } from "./errors.ts";
export type { ErrorCode } from "./errors.ts";
export { onDispose } from "./disposable.ts";
export type { Disposable } from "./disposable.ts";
export { createEmitter } from "./emitter.ts";
export type { Emitter } from "./emitter.ts";
export { createLru } from "./lru.ts";
export type { Lru } from "./lru.ts";
export { createHistogram } from "./histogram.ts";
export type { Histogram, HistogramSummary } from "./histogram.ts";
export { createCheckpoint } from "./checkpoint.ts";
export type { Checkpoint } from "./checkpoint.ts";
export { createBugRecorder } from "./bugs.ts";
export type { BugRecord, BugRecorder } from "./bugs.ts";
export { editDistance } from "./edit-distance.ts";
export { isRecord } from "./record.ts";
