// Things that must be let go of exactly once.

export interface Disposable {
  dispose(): void;
}

/** A disposable whose second `dispose` does nothing. */
export function onDispose(release: () => void): Disposable {
  let isDisposed = false;
  return {
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      release();
    },
  };
}
