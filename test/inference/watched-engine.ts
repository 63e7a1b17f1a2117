// The real engine with a window: what each native call evaluated, and faults on demand.
import { observeEngine } from "../../scripts/engine/observed-engine.ts";
import type { EngineCall } from "../../scripts/engine/observed-engine.ts";
import type { Engine, EngineModel } from "../../server/inference/engine/engine.ts";

export interface WatchedEngine extends Engine {
  readonly calls: EngineCall[];
  readonly models: EngineModel[];
  /** Runs before each native call; what it throws is the engine's rejection. */
  beforeCall: (call: EngineCall) => void | Promise<void>;
}

export function watchEngine(engine: Engine): WatchedEngine {
  const calls: EngineCall[] = [];
  const models: EngineModel[] = [];
  const observed = observeEngine(
    {
      ...engine,
      async load(options) {
        const result = await engine.load(options);
        if (result.ok) models.push(result.value);
        return result;
      },
    },
    async (call, work) => {
      calls.push(call);
      await watched.beforeCall(call);
      return work();
    },
  );
  const watched: WatchedEngine = { ...observed, calls, models, beforeCall: () => undefined };
  return watched;
}
