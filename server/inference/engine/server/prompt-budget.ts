// How many tokens a prompt for a server may have: as many as it reads in time, found out by asking.

export interface PromptBudget {
  readonly tokens: number;
  /** A prompt of this size was read from nothing in this time. */
  noteCold(tokens: number, ms: number): void;
  /** The server cannot read so much. */
  noteTooLong(): void;
}

const LEAST = 256;
/** Enough to be of use, and read in about 5 s by two cores with a small model. */
const FIRST = 1024;
const MOST = 4096;
/** A new place may take this long to its first token; in process it is the same. */
const COLD_MS = 2500;
/** What the current line and the answer may take beside the budget. */
const ROOM = 512;

/** `limit` is the context of the server, or what the user allows; undefined: unknown. */
export function createPromptBudget(limit: number | undefined): PromptBudget {
  const most = limit === undefined ? MOST : Math.max(64, Math.min(MOST, limit - ROOM));
  let tokens = Math.min(FIRST, most);
  let ceiling = most;
  return {
    get tokens() {
      return tokens;
    },
    noteCold(read, ms) {
      if (read < tokens / 2) return;
      if (ms > COLD_MS) tokens = Math.max(Math.min(LEAST, ceiling), Math.floor(tokens / 2));
      else if (ms < COLD_MS / 3) tokens = Math.min(ceiling, tokens * 2);
    },
    noteTooLong() {
      tokens = Math.max(64, Math.floor(tokens / 2));
      ceiling = tokens;
    },
  };
}
