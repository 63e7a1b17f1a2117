// A feature that keeps failing is switched off for the session, with one message, and the rest goes on.

export interface Breakers {
  isOff(method: string, language: string): boolean;
  succeeded(method: string, language: string): void;
  failed(method: string, language: string): void;
}

/** Failures in a row of one method and language. */
const MAX_FAILURES = 5;

export function createBreakers(onOff: (method: string, language: string) => void): Breakers {
  const failures = new Map<string, number>();
  const keyOf = (method: string, language: string): string => `${method} ${language}`;
  return {
    isOff: (method, language) => (failures.get(keyOf(method, language)) ?? 0) >= MAX_FAILURES,
    succeeded: (method, language) => void failures.delete(keyOf(method, language)),
    failed(method, language) {
      const count = (failures.get(keyOf(method, language)) ?? 0) + 1;
      failures.set(keyOf(method, language), count);
      if (count === MAX_FAILURES) onOff(method, language);
    },
  };
}
