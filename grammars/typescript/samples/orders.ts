// Orders of a shop: types, classes and a little of everything.
import type { Logger, Level as LogLevel } from "./logger.js";
import fs = require("node:fs");
import { type Price, Currency } from "./money.js";
export type { Discount } from "./discount.js";

declare module "plugins" {
  export interface Plugin { name: string }
}

declare global {
  var registry: Map<string, unknown>;
}

export interface Repository<T extends Entity = Order> extends Readable<T> {
  readonly size: number;
  find?(id: string, options?: { deep: boolean }): Promise<T | undefined>;
  [key: string]: unknown;
  new (source: string): Repository<T>;
  (query: Query): T[];
}

export enum Status { Open, Closed = "closed", "In-Transit" = 3 }
const enum Flag { On = 1 << 0 }

type Mapped<T> = { readonly [K in keyof T as `get${string & K}`]?: T[K] extends infer U ? U : never };
type Handler = <E>(event: E, ...rest: unknown[]) => typeof registry;
type Shape = { kind: "circle"; radius: number } | [first: string, second?: number];

export abstract class Base<T> implements Repository<T>, Shop.Named {
  private readonly items: T[] = [];
  static count = 0;
  declare owner: string;
  #secret?: Price;
  onChange = (value: T): void => this.items.push(value);

  constructor(public name: string, protected readonly log: Logger, limit?: number, ...tags: string[]) {
    super();
    this.total = limit ?? tags.length;
  }

  abstract close(reason: string): void;

  @memoize({ size: 10 })
  get open(): boolean { return this.#secret !== undefined; }

  protected async pick<K extends keyof T>(this: Base<T>, { id, at: when = 0 }: Picked, key: K): Promise<T[K]> {
    for await (const [index, entry] of this.items) {
      if (isOrder(entry)) return entry[key] as T[K];
    }
    const last = this.items.at(-1)!;
    return (<any>last)[key] satisfies unknown;
  }
}

function parse(text: string): Order;
function parse(text: number): Order;
function parse(text: unknown): Order {
  try {
    return JSON.parse(String(text));
  } catch (error) {
    throw new ParseError<string>(`bad order`, { cause: error });
  }
}

export namespace Shop.Inner {
  export const VERSION = "1";
  export let names: readonly string[] = [];
}

export function isOrder(value: unknown): value is Order {
  return value instanceof Order && assertIs<Order>(value);
}

const handlers: Record<Status, Handler> = {
  open: (event) => registry,
  closed(event) { return registry; },
};
export default class extends Base<Order> {}
