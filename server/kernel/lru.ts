// A map that forgets what was used longest ago.

export interface Lru<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): boolean;
  clear(): void;
  values(): IterableIterator<Value>;
  readonly size: number;
}

/** `capacity` counts entries; `onEvict` sees an entry that was dropped for room, not one that was deleted or replaced. */
export function createLru<Key, Value>(
  capacity: number,
  onEvict?: (key: Key, value: Value) => void,
): Lru<Key, Value> {
  const entries = new Map<Key, Value>();
  return {
    get(key) {
      if (!entries.has(key)) return undefined;
      const value = entries.get(key) as Value;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= capacity) return;
      const oldest = entries.entries().next();
      if (oldest.done === true) return;
      entries.delete(oldest.value[0]);
      onEvict?.(oldest.value[0], oldest.value[1]);
    },
    delete: (key) => entries.delete(key),
    clear: () => entries.clear(),
    values: () => entries.values(),
    get size() {
      return entries.size;
    },
  };
}
