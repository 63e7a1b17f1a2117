// The few parts of a JSON-RPC message that the forwarder has to see. Everything else passes through as bytes.
import { isRecord } from "../kernel/index.ts";

export type RpcId = number | string;

export interface RpcMessage {
  readonly id?: RpcId | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

export type RpcKind = "request" | "notification" | "response" | "unknown";

/** Undefined when the body is no JSON object: it passes through unread and the daemon answers it. */
export function parseMessage(body: Uint8Array): RpcMessage | undefined {
  try {
    const message: unknown = JSON.parse(decoder.decode(body));
    return isRecord(message) ? message : undefined;
  } catch {
    // Not JSON: the daemon's session says so to the client.
    return undefined;
  }
}

export function encodeMessage(message: object): Uint8Array {
  return encoder.encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
}

export function kindOf(message: RpcMessage | undefined): RpcKind {
  if (message === undefined) return "unknown";
  const hasId = typeof message.id === "number" || typeof message.id === "string";
  if (typeof message.method === "string") return hasId ? "request" : "notification";
  return hasId ? "response" : "unknown";
}

/** A member of something that may not be an object. */
export function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

export function isRpcId(value: unknown): value is RpcId {
  return typeof value === "number" || typeof value === "string";
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
