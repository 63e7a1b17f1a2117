// Valid code of TypeScript up to 5.9 that must give no finding; the grammar rejects part of it, so a second parser decides.
import type { A } from "./a.js";
import defer * as feature from "./feature.js";
import json from "./data.json" with { type: "json" };
export type * as types from "./types.js";
export type * from "./more.js";
export { b } from "./b.js" with { type: "x" };

interface Producer<in out T, out U, in V> { readonly make: (value: V) => T | U }
abstract class Box<const T extends readonly unknown[]> {
  static readonly [key: string]: unknown;
  static accessor total = 0;
  accessor value: T;
  declare readonly kind: "box";
  override get name() { return "box" as const; }
  static { Box.total = 1; }
  constructor(private readonly items: T, public override extra?: string) { }
  protected abstract set size(value: number);
  is<U>(this: Box<T>): this is Box<T> & U { return true; }
  method?(): void;
  "quoted"?: string;
  #private!: number;
}

type Path = `${string}/${number}`;
type Imported = import("./y.js").Z<string>;
type Last<T> = T extends [...infer _, infer L extends string] ? L : never;
type Tuple = [first: string, second?: number, ...rest: boolean[]];
type Ctor = abstract new (...args: never[]) => unique symbol;
type Getters<T> = { -readonly [K in keyof T as Exclude<K, "kind">]-?: () => T[K] };
type Query = typeof import("./z.js");


const config = { port: 1, host: "x" } satisfies Record<string, unknown>;
let definite!: string;
const big = <T,>(value: T): T => value;
const instance = new Map<string, Array<Set<number>>>();
const call = fn<string>;
const narrowed = value!.items![0]!;
enum Kind { A = "a".length, B = A << 1, "C-D" }
declare enum Ambient { X }
declare function overload(x: string): asserts x;
declare const enum Fast { Y }
declare module "*.css" { const styles: Record<string, string>; export default styles; }
namespace Outer.Inner { export import Alias = Other.Thing; }
function assert(this: void, condition: unknown, ...rest: [string?, ...number[]]): asserts condition { }
using handle = open();
await using stream = openAsync();
for (const x of y as string[]) { }
@decorate({ deep: true }) export class Decorated { @bound method(@inject() value: string) { } }
export = config;
