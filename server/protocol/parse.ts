// Parsers for foreign values: small functions that check the shape of what a client sent and say what is wrong with it.
import { HearthError, fail, isRecord, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";

/** Returns a value of the right shape or throws `invalid-input`; call it only through `parseWith`. */
export type Parser<Value> = (raw: unknown, place: string) => Value;

/** The value, or one sentence that names the place and what was expected there. */
export function parseWith<Value>(parser: Parser<Value>, raw: unknown): Result<Value, string> {
  try {
    return succeed(parser(raw, "params"));
  } catch (error) {
    if (error instanceof HearthError && error.code === "invalid-input") return fail(error.message);
    throw error;
  }
}

/** For parsers that check more than a type. */
export function refuse(place: string, expected: string): HearthError {
  return new HearthError("invalid-input", `${place}: expected ${expected}`);
}

export const anything: Parser<unknown> = (raw) => raw;

export const string: Parser<string> = (raw, place) => {
  if (typeof raw !== "string") throw refuse(place, "a string");
  return raw;
};

/** The protocol's `integer`: 32 bits. */
export const integer: Parser<number> = (raw, place) => {
  if (!Number.isInteger(raw) || Math.abs(Number(raw)) > MAX_INTEGER) throw refuse(place, "an integer");
  return Number(raw);
};

/** The protocol's `uinteger`. */
export const unsigned: Parser<number> = (raw, place) => {
  if (!Number.isInteger(raw) || Number(raw) < 0 || Number(raw) > MAX_INTEGER)
    throw refuse(place, "an integer that is not negative");
  return Number(raw);
};

/** Absent and null mean the same, as many clients send them. */
export function nullable<Value>(parser: Parser<Value>): Parser<Value | undefined> {
  return (raw, place) => (raw === undefined || raw === null ? undefined : parser(raw, place));
}

export function list<Value>(parser: Parser<Value>): Parser<readonly Value[]> {
  return (raw, place) => {
    if (!Array.isArray(raw)) throw refuse(place, "a list");
    return raw.map((item, index) => parser(item, `${place}[${index}]`));
  };
}

export function either<First, Second>(
  first: Parser<First>,
  second: Parser<Second>,
  expected: string,
): Parser<First | Second> {
  return (raw, place) => {
    const attempt = parseWith<First | Second>(first, raw);
    if (attempt.ok) return attempt.value;
    const other = parseWith<First | Second>(second, raw);
    if (other.ok) return other.value;
    throw refuse(place, expected);
  };
}

/** Unknown fields are dropped: clients may say more than the protocol knows. */
export function object<Value extends object>(fields: {
  readonly [Key in keyof Value]-?: Parser<Value[Key]>;
}): Parser<Value> {
  return (raw, place) => {
    if (!isRecord(raw)) throw refuse(place, "an object");
    const value: Record<string, unknown> = {};
    for (const [key, parser] of Object.entries<Parser<unknown>>(fields)) {
      value[key] = parser(raw[key], `${place}.${key}`);
    }
    return value as Value;
  };
}

const MAX_INTEGER = 2 ** 31 - 1;
