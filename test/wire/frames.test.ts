// Framing: whatever the chunks, the same frames; whatever the header, a frame or a reason.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrameDecoder, encodeFrame } from "../../server/wire/index.ts";
import type { FrameEvent } from "../../server/wire/index.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (...chunks: Uint8Array[]): FrameEvent[] => {
  const decoder = createFrameDecoder();
  const events = chunks.flatMap((chunk) => decoder.push(chunk));
  const last = decoder.end();
  return last === undefined ? events : [...events, last];
};

test("frames survive any cutting of the stream into chunks", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary", maxLength: 30 }), { maxLength: 6 }),
      fc.array(fc.nat(9)),
      (bodies, cuts) => {
        const stream = Buffer.concat(bodies.map((body) => encodeFrame(bytes(body))));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (let cut = 0; at < stream.length; cut += 1) {
          const size = (cuts[cut % Math.max(1, cuts.length)] ?? 7) + 1;
          chunks.push(stream.subarray(at, at + size));
          at += size;
        }
        expect(
          decode(...chunks).map((event) => (event.kind === "frame" ? Buffer.from(event.body) : event)),
        ).toEqual(bodies.map((body) => Buffer.from(bytes(body))));
      },
    ),
    { numRuns: 500 },
  );
});

test("never throws and never hangs on arbitrary bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (chunks) => {
      expect(Array.isArray(decode(...chunks))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["Content-Length: abc\r\n\r\n", "no count of bytes"],
  ["Content-Length: -5\r\n\r\n", "no count of bytes"],
  ["Content-Length: 99999999999\r\n\r\n", "at most"],
  ["Content-Length 5\r\n\r\nhello", "without a name"],
  ["Content-Type: x\r\n\r\n{}", "without Content-Length"],
  ["Content-Length: 5\r\n\r\nhel", "ended inside a frame"],
  ["x".repeat(5000), "more than"],
])("says what is wrong with %j", (stream, reason) => {
  const last = decode(bytes(stream)).at(-1);
  expect(last?.kind === "broken" ? last.reason : "").toContain(reason);
});

test("accepts a header in lower case and further headers", () => {
  const events = decode(
    bytes("content-length:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}"),
  );
  expect(events).toHaveLength(1);
  expect(events[0]?.kind).toBe("frame");
});
