// Waiting for a state with a deadline: tests never sleep for a guessed time.

/** Long enough for a loaded machine; a wait that needs it has failed anyway. */
export const DEADLINE_MS = 30_000;

class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** Asks `probe` until it gives a value; `what` completes the sentence "… did not come true". */
export async function until<Value>(
  what: string,
  probe: () => Value | undefined | Promise<Value | undefined>,
  deadlineMs: number = DEADLINE_MS,
): Promise<Value> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > endMs) throw new DeadlineError(`${what}: did not come true in ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The promise's value, or an error that names what was waited for. */
export async function within<Value>(
  what: string,
  promise: Promise<Value>,
  deadlineMs: number = DEADLINE_MS,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`${what}: nothing in ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
