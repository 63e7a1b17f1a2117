// Who works in the background can see here whether somebody's message waits for its turn of the event loop.

export interface Foreground {
  readonly isWaiting: boolean;
  /** A message has arrived; the returned function says that its turn has come, or never will. Calling it again does nothing. */
  arrive(): () => void;
}

export function createForeground(): Foreground {
  const waiting = new Set<object>();
  return {
    get isWaiting() {
      return waiting.size > 0;
    },
    arrive() {
      const message = {};
      waiting.add(message);
      return () => waiting.delete(message);
    },
  };
}
