// A files door that fails at one chosen call, also at calls on files that it opened.
import { HearthError } from "../../../server/kernel/index.ts";
import type { ErrorCode } from "../../../server/kernel/index.ts";
import type { Files } from "../../../server/platform/index.ts";

interface FaultyFiles {
  readonly files: Files;
  calls(): number;
  /** Whether a call named a path that ends so, the failing one among them. */
  touched(ending: string): boolean;
}

/** `failing` counts from 1; `spared` names a path whose calls neither count nor fail. */
export function makeFaultyFiles(
  inner: Files,
  fault: { readonly failing: number; readonly code: ErrorCode; readonly spared: string },
): FaultyFiles {
  let calls = 0;
  const paths = new Set<string>();
  const wrap = <Door extends object>(door: Door): Door =>
    new Proxy(door, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return async (...args: unknown[]) => {
          if (args[0] !== fault.spared) {
            calls += 1;
            if (typeof args[0] === "string") paths.add(args[0]);
            if (calls === fault.failing) {
              // A system gives the handle back also when closing reports a failure.
              if (name === "close") await Reflect.apply(method, target, args);
              throw new HearthError(fault.code, `cannot ${String(name)} it`);
            }
          }
          const answer: unknown = await Reflect.apply(method, target, args);
          return name === "open" ? wrap(answer as object) : answer;
        };
      },
    });
  return {
    files: wrap(inner),
    calls: () => calls,
    touched: (ending) => [...paths].some((path) => path.endsWith(ending)),
  };
}
