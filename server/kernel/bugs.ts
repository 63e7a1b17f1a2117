// Broken invariants are recorded and survived; `hearth doctor` shows them.

export interface BugRecord {
  readonly key: string;
  readonly message: string;
  readonly stack: string;
  readonly count: number;
}

export interface BugRecorder {
  /** `key` names the place (stable, for counting); the first stack of a key is kept. */
  report(key: string, error: unknown): void;
  list(): readonly BugRecord[];
}

const MAX_KEYS = 100;

export function createBugRecorder(onReport?: (record: BugRecord) => void): BugRecorder {
  const records = new Map<string, BugRecord>();
  return {
    report(key, error) {
      const known = records.get(key);
      if (known === undefined && records.size >= MAX_KEYS) return;
      const record: BugRecord = {
        key,
        message: known?.message ?? (error instanceof Error ? error.message : String(error)),
        stack: known?.stack ?? (error instanceof Error ? (error.stack ?? "") : ""),
        count: (known?.count ?? 0) + 1,
      };
      records.set(key, record);
      onReport?.(record);
    },
    list: () => [...records.values()],
  };
}
