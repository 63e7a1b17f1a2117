// The daemon's last frame on a session's connection: without it, the forwarder takes an end for a death.
import { encodeMessage, memberOf } from "./rpc.ts";
import type { RpcMessage } from "./rpc.ts";

export interface Goodbye {
  /** `ended`: the session is over, so is the forwarder. `stopping`: the daemon goes, the session may go on with another. */
  readonly kind: "ended" | "stopping";
  readonly exitCode: number;
  /** A sentence for the editor's log, or empty. */
  readonly reason: string;
}

const METHOD = "hearth/goodbye";

export function encodeGoodbye(goodbye: Goodbye): Uint8Array {
  return encodeMessage({ method: METHOD, params: goodbye });
}

export function readGoodbye(message: RpcMessage): Goodbye | undefined {
  if (message.method !== METHOD) return undefined;
  const kind = memberOf(message.params, "kind");
  const exitCode = memberOf(message.params, "exitCode");
  const reason = memberOf(message.params, "reason");
  return {
    kind: kind === "stopping" ? kind : "ended",
    exitCode: typeof exitCode === "number" ? exitCode : 1,
    reason: typeof reason === "string" ? reason : "",
  };
}
