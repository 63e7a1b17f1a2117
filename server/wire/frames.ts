// Bytes <-> frames of the base protocol: a header that counts bytes, then the body. Written by hand because the
// library's reader waits for ever on a bad header; a broken stream is reported here at once, with its reason.

export type FrameEvent =
  | { readonly kind: "frame"; readonly body: Uint8Array }
  /** Nothing after this can be trusted; the decoder ignores what follows. */
  | { readonly kind: "broken"; readonly reason: string };

export interface FrameDecoder {
  /** Whole frames that `chunk` completed, in order. The bodies do not alias `chunk`. */
  push(chunk: Uint8Array): readonly FrameEvent[];
  /** The stream ended: tells whether it ended inside a frame. */
  end(): FrameEvent | undefined;
}

/** Larger than any text that an editor sends; a client that announces more is broken or hostile. */
export const MAX_BODY_BYTES: number = 256 * 1024 * 1024;
const MAX_HEADER_BYTES = 4096;

export function createFrameDecoder(maxBodyBytes: number = MAX_BODY_BYTES): FrameDecoder {
  let header: number[] = [];
  // The body grows as it arrives: an announced length alone costs no memory.
  let parts: Uint8Array[] = [];
  let missingBytes: number | undefined;
  let isBroken = false;

  const breakOff = (reason: string): FrameEvent => {
    isBroken = true;
    header = [];
    parts = [];
    return { kind: "broken", reason };
  };

  return {
    push(chunk) {
      const events: FrameEvent[] = [];
      let at = 0;
      while (at < chunk.length && !isBroken) {
        if (missingBytes === undefined) {
          header.push(chunk[at] ?? 0);
          at += 1;
          const last = header.length - 1;
          const isHeaderEnd =
            header[last] === LF &&
            header[last - 1] === CR &&
            header[last - 2] === LF &&
            header[last - 3] === CR;
          if (!isHeaderEnd) {
            if (header.length > MAX_HEADER_BYTES)
              events.push(breakOff(`a header of more than ${MAX_HEADER_BYTES} bytes`));
            continue;
          }
          const length = readContentLength(String.fromCharCode(...header));
          header = [];
          if (typeof length === "string") events.push(breakOff(length));
          else if (length > maxBodyBytes)
            events.push(breakOff(`a body of ${length} bytes; at most ${maxBodyBytes} are accepted`));
          else missingBytes = length;
        } else {
          const part = chunk.slice(at, at + missingBytes);
          parts.push(part);
          at += part.length;
          missingBytes -= part.length;
        }
        if (missingBytes === 0) {
          events.push({ kind: "frame", body: joinBytes(parts) });
          parts = [];
          missingBytes = undefined;
        }
      }
      return events;
    },
    end() {
      if (isBroken || (header.length === 0 && missingBytes === undefined)) return undefined;
      return breakOff("the stream ended inside a frame");
    },
  };
}

export function encodeFrame(body: Uint8Array): Uint8Array {
  const header = new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`);
  return joinBytes([header, body]);
}

const LF = 10;
const CR = 13;

/** The announced length, or what is wrong with the header. Names are compared without case, as HTTP headers are. */
function readContentLength(header: string): number | string {
  let length: number | undefined;
  for (const line of header.split("\r\n")) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon <= 0) return `a header line without a name: ${JSON.stringify(line.slice(0, 80))}`;
    if (line.slice(0, colon).trim().toLowerCase() !== "content-length") continue;
    const value = line.slice(colon + 1).trim();
    if (!/^\d{1,15}$/.test(value))
      return `a Content-Length that is no count of bytes: ${JSON.stringify(value.slice(0, 80))}`;
    length = Number(value);
  }
  return length ?? "a header without Content-Length";
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
