// Valid code of ECMAScript 2020 to 2026 that must give no finding.
import data from "./data.json" with { type: "json" };
import defer * as lazy from "./lazy.js";
import { "string name" as alias } from "./names.js";
export { alias as "other name" };
export * as everything from "./all.js";

@logged
class Counter {
  static #count = 0n;
  static { Counter.#count ??= 1_000n; }
  accessor value = 1;
  get #secret() { return #count in this; }
  async *[Symbol.asyncIterator]() { yield* await lazy.items(); }
  static async = 1;
  get = 2;
  "quoted name"() {}
  123() {}
}

const { a = 1, ...rest } = data ?? {};
a ||= rest?.b?.[0]?.(1);
a &&= 2 ** 3;
using file = open("x");
for await (const x of y) { label: { break label; } }
for (using x of y) {}
const pattern = /(?<year>\d{4})[/\]]\p{L}/dgu, sets = /[\p{L}--[a-z]]/v;
const tagged = String.raw`a${`b${1}`}c`;
const big = 0xFFn, octal = 0o17, binary = 0b1_0, tiny = .5e-3;
const fn = async x => await x, gen = function* () { const y = yield; };
const object = { async *run() {}, get x() { return 1; }, set x(v) {}, [a]: 1, __proto__: null, async, await: 1, if: 2 };
try { throw new Error("x", { cause: a }); } catch { debugger; }
if (a) function f() {}
const async = 1, of = 2, get = 3, let_ = 4, from = of
const z = a
++a
var yield_ = new.target, meta = import.meta.url;
const result = await import("./x.js", { with: { type: "json" } });
a = b ? (c, d) : e => ({ f }) => g;
