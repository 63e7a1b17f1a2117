// How long a server asks to be left alone: the header `Retry-After`, in its two forms.

/** Seconds, or a date; a date in the past is no time at all. Undefined: nothing, or nothing that can be read. */
export function readRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
