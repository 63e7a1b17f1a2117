// The real engine with a window: what each native call evaluated, and faults on demand.
import type { Engine, EngineModel, EngineSequence, Token } from "../../server/inference/engine/engine.ts";

export interface NativeCall {
  readonly kind: "prefill" | "decode";
  readonly tokens: readonly Token[];
}

export interface WatchedEngine extends Engine {
  readonly calls: NativeCall[];
  readonly models: EngineModel[];
  /** Runs before each native call; what it throws is the engine's rejection. */
  beforeCall: (call: NativeCall) => void | Promise<void>;
}

export function watchEngine(engine: Engine): WatchedEngine {
  const calls: NativeCall[] = [];
  const models: EngineModel[] = [];
  const note = async (call: NativeCall): Promise<void> => {
    calls.push(call);
    await watched.beforeCall(call);
  };
  const inner = new WeakMap<EngineSequence, EngineSequence>();
  const watchSequence = (sequence: EngineSequence): EngineSequence => {
    const outer: EngineSequence = {
      get length() {
        return sequence.length;
      },
      get evaluatedTokens() {
        return sequence.evaluatedTokens;
      },
      truncate: (length) => sequence.truncate(length),
      async prefill(tokens) {
        await note({ kind: "prefill", tokens });
        await sequence.prefill(tokens);
      },
      async decode(tokens, count) {
        await note({ kind: "decode", tokens });
        return sequence.decode(tokens, count);
      },
      ...(sequence.decodeWithDraft === undefined
        ? {}
        : {
            async decodeWithDraft(tokens, draft, count) {
              await note({ kind: "decode", tokens: [...tokens, ...draft] });
              return (await sequence.decodeWithDraft?.(tokens, draft, count)) ?? [];
            },
          }),
      copyFrom: async (other, length) =>
        (await sequence.copyFrom?.(inner.get(other) ?? other, length)) === true,
      checkpoint: () => sequence.checkpoint(),
      dispose: () => sequence.dispose(),
    };
    inner.set(outer, sequence);
    return outer;
  };
  const watched: WatchedEngine = {
    calls,
    models,
    beforeCall: () => undefined,
    async load(options) {
      const result = await engine.load(options);
      if (!result.ok) return result;
      models.push(result.value);
      const model = result.value;
      return {
        ok: true,
        value: { ...model, openSequence: () => watchSequence(model.openSequence()) },
      };
    },
    device: () => engine.device(),
    dispose: () => engine.dispose(),
  };
  return watched;
}
