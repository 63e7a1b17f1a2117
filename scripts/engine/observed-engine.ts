// An engine with somebody beside it at each uninterruptible call: what it evaluates, and the call itself to wait for or to spoil.
import type { Engine, EngineModel, EngineSequence, Token } from "../../server/inference/engine/engine.ts";

export interface EngineCall {
  readonly kind: "prefill" | "decode";
  /** A guess behind them included. */
  readonly tokens: readonly Token[];
}

/** `around` runs `work`, once, and gives back its answer; what it throws is the engine's rejection. */
export function observeEngine(
  engine: Engine,
  around: <Value>(call: EngineCall, work: () => Promise<Value>) => Promise<Value>,
): Engine {
  /** A copy wants the engine's own sequence. */
  const inner = new WeakMap<EngineSequence, EngineSequence>();

  const openObserved = (model: EngineModel): EngineSequence => {
    const sequence = model.openSequence();
    const observed: EngineSequence = {
      get length() {
        return sequence.length;
      },
      get evaluatedTokens() {
        return sequence.evaluatedTokens;
      },
      truncate: (length) => sequence.truncate(length),
      prefill: (tokens) => around({ kind: "prefill", tokens }, () => sequence.prefill(tokens)),
      decode: (tokens, count) => around({ kind: "decode", tokens }, () => sequence.decode(tokens, count)),
      checkpoint: () => sequence.checkpoint(),
      dispose: () => sequence.dispose(),
    };
    // What the engine cannot do stays absent.
    if (sequence.decodeWithDraft !== undefined) {
      observed.decodeWithDraft = (tokens, draft, count) =>
        around(
          { kind: "decode", tokens: [...tokens, ...draft] },
          async () => (await sequence.decodeWithDraft?.(tokens, draft, count)) ?? [],
        );
    }
    if (sequence.copyFrom !== undefined) {
      observed.copyFrom = async (other, length) =>
        (await sequence.copyFrom?.(inner.get(other) ?? other, length)) === true;
    }
    if (sequence.saveTo !== undefined) observed.saveTo = async (file) => sequence.saveTo?.(file);
    if (sequence.restoreFrom !== undefined) {
      observed.restoreFrom = async (file) => (await sequence.restoreFrom?.(file)) === true;
    }
    inner.set(observed, sequence);
    return observed;
  };

  return {
    ...engine,
    async load(options) {
      const result = await engine.load(options);
      if (!result.ok) return result;
      const model = result.value;
      return { ok: true, value: { ...model, openSequence: () => openObserved(model) } };
    },
  };
}
