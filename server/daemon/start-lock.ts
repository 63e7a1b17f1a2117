// One process at a time starts a daemon. An exclusively created file is the lock; the lock of a dead process is taken over.
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isProcessAlive } from "./liveness.ts";

export interface StartLock {
  readonly token: string;
  release(): void;
}

export interface LockOwner {
  readonly pid: number;
  readonly token: string;
}

/**
 * Undefined while another living process holds it; throws the system's error when the folder cannot be written.
 * `distrusted` is the token of an owner that has held the lock for longer than any start takes: its pid may be somebody else's by now.
 */
export function tryStartLock(path: string, distrusted?: string): StartLock | undefined {
  const own = { pid: process.pid, token: randomBytes(8).toString("hex") };
  if (createExclusively(path, own)) return lockOf(path, own.token);
  const owner = readOwner(path);
  if (owner === undefined) return undefined; // Released just now: the caller comes back.
  if (isProcessAlive(owner.pid) && owner.token !== distrusted) return undefined;
  return takeOver(path, owner, own) ? lockOf(path, own.token) : undefined;
}

export function readOwner(path: string): LockOwner | undefined {
  try {
    const [pid, token] = readFileSync(path, "utf8").split(" ");
    return { pid: Number(pid), token: token ?? "" };
  } catch {
    // Nobody holds it.
    return undefined;
  }
}

/**
 * Only the creator of the breaking file may replace the lock with that very token, and it looks again before it does: of many
 * processes that saw the same dead owner one wins, and a late one cannot remove the winner's lock.
 */
function takeOver(path: string, dead: LockOwner, own: LockOwner): boolean {
  const breaking = `${path}.${dead.token === "" ? "empty" : dead.token}`;
  if (!createExclusively(breaking, own)) {
    const breaker = readOwner(breaking);
    if (breaker !== undefined && !isProcessAlive(breaker.pid)) rmSync(breaking, { force: true });
    return false;
  }
  try {
    if (readOwner(path)?.token !== dead.token) return false;
    const fresh = `${path}.${own.token}`;
    writeFileSync(fresh, encode(own), { mode: 0o600 });
    renameSync(fresh, path);
    return true;
  } finally {
    rmSync(breaking, { force: true });
  }
}

/** The file appears with its content, never empty: it is written beside and linked, and a link fails when the name exists. */
function createExclusively(path: string, owner: LockOwner): boolean {
  const fresh = `${path}.${owner.token}.${process.hrtime.bigint()}`;
  writeFileSync(fresh, encode(owner), { flag: "wx", mode: 0o600 });
  try {
    linkSync(fresh, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}

function encode(owner: LockOwner): string {
  return `${owner.pid} ${owner.token}`;
}

function lockOf(path: string, token: string): StartLock {
  return {
    token,
    release() {
      if (readOwner(path)?.token === token) rmSync(path, { force: true });
    },
  };
}
