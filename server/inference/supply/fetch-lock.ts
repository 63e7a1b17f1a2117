// One fetch per model across processes: a lock file that names its owner, taken over when the owner is gone.
import { randomUUID } from "node:crypto";
import { cancelled } from "../../kernel/index.ts";
import type { Clock, Files, Processes } from "../../platform/index.ts";

export interface FetchLock {
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
const SILENT_AFTER_MS = 120_000;
const POLL_MS = 200;
const MAX_LOCK_BYTES = 4096;

export function createFetchLock(deps: {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
}): FetchLock {
  const { files, processes, clock } = deps;

  async function readOwner(path: string): Promise<Owner | undefined> {
    const text = await files.readText(path, MAX_LOCK_BYTES);
    if (text === undefined) return undefined;
    const [first = "", token = ""] = text.split(" ");
    return { processId: Number.parseInt(first, 10), token };
  }

  async function isStale(path: string): Promise<boolean> {
    const found = await files.stat(path);
    const owner = await readOwner(path);
    if (found === undefined || owner === undefined) return false;
    const silentMs = clock.wallTime().getTime() - found.modifiedMs;
    // An empty lock is being written this moment, unless it stays empty.
    if (owner.token === "") return silentMs > HEARTBEAT_MS;
    return !processes.isAlive(owner.processId) || silentMs > SILENT_AFTER_MS;
  }

  /** Two processes may find the same stale lock: only the holder of a second lock may remove it, after looking again. */
  async function removeIfStale(path: string): Promise<void> {
    const guard = `${path}.takeover`;
    if (!(await files.createText(guard, `${processes.ownId} takeover`))) {
      const found = await files.stat(guard);
      const ageMs = found === undefined ? 0 : clock.wallTime().getTime() - found.modifiedMs;
      if (ageMs > HEARTBEAT_MS) await files.remove(guard);
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
    pause: (signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal.aborted) {
          reject(cancelled());
          return;
        }
        const onAbort = (): void => {
          unschedule();
          reject(cancelled());
        };
        const unschedule = clock.schedule(POLL_MS, () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        });
        signal.addEventListener("abort", onAbort, { once: true });
      }),
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
