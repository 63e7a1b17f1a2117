// One fetch per model across processes: a lock file that names its owner, taken over when the owner is gone.
import { randomUUID } from "node:crypto";
import type { Clock, Files, Processes } from "../../platform/index.ts";
import { pause } from "./pause.ts";

interface FetchLock {
  /** Undefined when somebody else holds it. */
  tryTake(path: string): Promise<HeldLock | undefined>;
  /** Resolves after a moment, when asking again makes sense; rejects when cancelled. */
  pause(signal: AbortSignal): Promise<void>;
}

export interface HeldLock {
  /** False when another process took the lock over, because this one slept too long: its result must not be used. */
  isOurs(): Promise<boolean>;
  release(): Promise<void>;
}

interface Owner {
  readonly processId: number;
  readonly token: string;
}

const HEARTBEAT_MS = 5_000;
/** A lock whose owner's id is alive but silent for so long belongs to a dead owner whose id was given to another program. */
const SILENT_AFTER_MS = 60_000;
/** Longer than it takes to write a few bytes into a file that was just created. */
const BEING_WRITTEN_MS = 5_000;
const POLL_MS = 200;
const MAX_LOCK_BYTES = 4096;

export function createFetchLock(deps: {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
}): FetchLock {
  const { files, processes, clock } = deps;
  const seen = new Map<string, { readonly modifiedMs: number; readonly sinceMs: number }>();

  /** How long this process has seen the file unchanged; the wall clock may jump, so file times are compared only with each other. */
  async function silenceMs(path: string): Promise<number> {
    const found = await files.stat(path);
    if (found === undefined) {
      seen.delete(path);
      return 0;
    }
    const known = seen.get(path);
    if (known?.modifiedMs === found.modifiedMs) return clock.nowMs() - known.sinceMs;
    seen.set(path, { modifiedMs: found.modifiedMs, sinceMs: clock.nowMs() });
    return 0;
  }

  async function readOwner(path: string): Promise<Owner | undefined> {
    const text = await files.readText(path, MAX_LOCK_BYTES);
    if (text === undefined) return undefined;
    const [first = "", token = ""] = text.split(" ");
    return { processId: Number.parseInt(first, 10), token };
  }

  async function isStale(path: string): Promise<boolean> {
    const owner = await readOwner(path);
    const silent = await silenceMs(path);
    if (owner === undefined) return false;
    if (owner.token === "") return silent > BEING_WRITTEN_MS;
    return !processes.isAlive(owner.processId) || silent > SILENT_AFTER_MS;
  }

  /** Two processes may find the same stale lock: only the holder of a second lock may remove it, after looking again. */
  async function removeIfStale(path: string): Promise<void> {
    const guard = `${path}.takeover`;
    if (!(await files.createText(guard, `${processes.ownId} takeover`))) {
      // Its owner was killed in the moment between the two: the next look takes the lock over.
      if ((await silenceMs(guard)) > BEING_WRITTEN_MS) await files.remove(guard);
      return;
    }
    try {
      if (await isStale(path)) await files.remove(path);
    } finally {
      await files.remove(guard);
    }
  }

  return {
    async tryTake(path) {
      const token = randomUUID();
      const text = `${processes.ownId} ${token}`;
      if (!(await files.createText(path, text))) {
        if (!(await isStale(path))) return undefined;
        await removeIfStale(path);
        if (!(await files.createText(path, text))) return undefined;
      }
      const isOurs = async (): Promise<boolean> => (await readOwner(path))?.token === token;
      return { isOurs, release: beat(path, isOurs) };
    },
    pause: (signal) => pause(clock, POLL_MS, signal),
  };

  /** Keeps the lock fresh; the answer lets go of it. */
  function beat(path: string, isOurs: () => Promise<boolean>): () => Promise<void> {
    let isReleased = false;
    let running: Promise<unknown> = Promise.resolve();
    let unschedule = clock.schedule(HEARTBEAT_MS, tick);
    function tick(): void {
      // A failed touch only ages the lock; the owner finds out at the end whether it still holds it.
      running = files.touch(path).then(
        () => plan(),
        () => plan(),
      );
    }
    function plan(): void {
      if (!isReleased) unschedule = clock.schedule(HEARTBEAT_MS, tick);
    }
    return async () => {
      if (isReleased) return;
      isReleased = true;
      unschedule();
      await running;
      if (await isOurs()) await files.remove(path);
    };
  }
}
