// The register of capabilities that were registered with the client: never one method twice, never an id twice.
import type { ClientCalls } from "./client-calls.ts";

export interface Registrations {
  /** Registers the method, after taking back an earlier registration of it. Waits for the client. */
  register(method: string, options: object): Promise<void>;
  readonly methods: readonly string[];
}

export function createRegistrations(calls: ClientCalls): Registrations {
  const ids = new Map<string, string>();
  let last = 0;
  /** One after the other, so that taking back and registering again cannot overtake each other. */
  let queue: Promise<void> = Promise.resolve();

  const registerNow = async (method: string, options: object): Promise<void> => {
    const known = ids.get(method);
    if (known !== undefined) {
      ids.delete(method);
      // The misspelt name of the field is the protocol's own.
      await calls.ask("client/unregisterCapability", { unregisterations: [{ id: known, method }] });
    }
    last += 1;
    const id = `hearth-${last}`;
    const answer = await calls.ask("client/registerCapability", {
      registrations: [{ id, method, registerOptions: options }],
    });
    if (answer.ok) ids.set(method, id);
  };

  return {
    register(method, options) {
      queue = queue.then(() => registerNow(method, options));
      return queue;
    },
    get methods() {
      return [...ids.keys()];
    },
  };
}
