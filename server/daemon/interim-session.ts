// A session that only keeps the lifecycle: stands in until the session room is there.
import { createFrameDecoder, encodeFrame } from "../wire/index.ts";
import type { OpenSession } from "../session/index.ts";
import { encodeMessage, kindOf, memberOf, parseMessage } from "./rpc.ts";
import { applyChanges, createText } from "../text/index.ts";
import type { ContentChange, Text } from "../text/index.ts";

export const openInterimSession: OpenSession = (id, stream, deps) => {
  const decoder = createFrameDecoder();
  const documents = new Map<string, Text>();
  let isShutDown = false;
  let finish: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (finish = resolve));
  stream.listen(
    (chunk) => {
      for (const event of decoder.push(chunk)) {
        if (event.kind !== "frame") continue;
        const message = parseMessage(event.body);
        if (message === undefined) continue;
        const document = memberOf(message.params, "textDocument");
        const uri = String(memberOf(document, "uri"));
        if (message.method === "textDocument/didOpen")
          documents.set(uri, createText(String(memberOf(document, "text"))));
        const known = documents.get(uri);
        if (message.method === "textDocument/didChange" && known !== undefined) {
          const changes = memberOf(message.params, "contentChanges") as ContentChange[];
          documents.set(uri, applyChanges(known, changes, "utf-16").text);
        }
        if (message.method === "exit") {
          finish(isShutDown ? 0 : 1);
          stream.end();
        }
        if (kindOf(message) !== "request") continue;
        if (message.method === "shutdown") isShutDown = true;
        let result: unknown = null;
        if (message.method === "initialize") {
          result = {
            capabilities: { textDocumentSync: 2 },
            serverInfo: { name: "hearth", version: deps.serverVersion },
          };
        }
        if (message.method === "hearth/text") result = known?.content ?? null;
        void stream.write(encodeFrame(encodeMessage({ id: message.id, result })));
      }
    },
    () => finish(isShutDown ? 0 : 1),
  );
  return {
    ended,
    status: () => ({
      id,
      clientName: "unknown",
      phase: "running",
      folders: [],
      openDocuments: documents.size,
      requestsInFlight: 0,
      latencies: {},
    }),
    end: () => {
      finish(1);
      stream.end();
    },
  };
};
