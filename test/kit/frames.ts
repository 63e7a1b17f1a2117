// Frames of the base protocol: `Content-Length` in bytes, an empty line, a body of UTF-8 JSON.

export function encodeFrame(message: unknown): Uint8Array {
  const body = Buffer.from(JSON.stringify(message), "utf8");
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`, "ascii"), body]);
}

interface FrameReader {
  push(chunk: Uint8Array): void;
  /** Bytes that belong to no complete frame yet. */
  readonly pendingBytes: number;
  /** A lenient reader stops for good at its first fault; a strict one goes on at the next frame. */
  readonly isBroken: boolean;
}

interface FrameHandlers {
  onBody(body: Buffer): void;
  /** One sentence: what is not as the base protocol says. */
  onFault(sentence: string): void;
}

const HEADER_LIMIT = 4096;
const HEADER_START = "Content-";

/**
 * Strict: every header line must be `Content-Length` or `Content-Type`, nothing may stand between frames, and after a
 * fault reading goes on at the next `Content-Length`. Lenient (for what clients send): header names in any case, and a
 * fault ends the reading, since no reader can know where the next frame starts.
 */
export function createFrameReader(handlers: FrameHandlers, isStrict: boolean): FrameReader {
  let chunks: Buffer[] = [];
  let size = 0;
  let bodyLength: number | undefined;
  let isBroken = false;

  const join = (): Buffer => {
    const only = chunks.length === 1 ? chunks[0] : undefined;
    const whole = only ?? Buffer.concat(chunks);
    chunks = [whole];
    return whole;
  };
  const drop = (rest: Buffer): void => {
    chunks = rest.length === 0 ? [] : [rest];
    size = rest.length;
  };
  const fault = (sentence: string, whole: Buffer): void => {
    handlers.onFault(sentence);
    if (!isStrict) {
      isBroken = true;
      drop(Buffer.alloc(0));
      return;
    }
    const next = whole.indexOf("Content-Length", 1, "latin1");
    drop(next < 0 ? Buffer.alloc(0) : whole.subarray(next));
  };

  /** True when something was taken and more may follow. */
  const step = (): boolean => {
    if (isBroken || (size === 0 && bodyLength !== 0)) return false;
    if (bodyLength !== undefined) {
      if (size < bodyLength) return false;
      const whole = size === 0 ? Buffer.alloc(0) : join();
      const body = whole.subarray(0, bodyLength);
      drop(whole.subarray(bodyLength));
      bodyLength = undefined;
      handlers.onBody(body);
      return true;
    }
    const whole = join();
    if (isStrict && !startsLikeHeader(whole)) {
      fault(`bytes that belong to no frame: ${JSON.stringify(whole.toString("utf8").slice(0, 120))}`, whole);
      return true;
    }
    const end = whole.indexOf("\r\n\r\n", 0, "latin1");
    if (end < 0) {
      if (size <= HEADER_LIMIT) return false;
      fault("a header of more than 4096 bytes", whole);
      return true;
    }
    const header = whole.toString("latin1", 0, end);
    const length = readLength(header, isStrict);
    if (typeof length === "string") {
      fault(length, whole);
      return true;
    }
    bodyLength = length;
    drop(whole.subarray(end + 4));
    return bodyLength === 0 || size > 0;
  };

  return {
    push(chunk) {
      if (isBroken || chunk.length === 0) return;
      chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      size += chunk.length;
      while (step());
    },
    get pendingBytes() {
      return size + (bodyLength === undefined ? 0 : 1);
    },
    get isBroken() {
      return isBroken;
    },
  };
}

function startsLikeHeader(whole: Buffer): boolean {
  const shown = whole.toString("latin1", 0, HEADER_START.length);
  return HEADER_START.startsWith(shown);
}

/** The announced length, or the sentence that says what is wrong with the header. */
function readLength(header: string, isStrict: boolean): number | string {
  let length: number | undefined;
  for (const line of header.split("\r\n")) {
    const match = /^([A-Za-z-]+): *(.*)$/.exec(line);
    const name = match?.[1] ?? "";
    const value = match?.[2] ?? "";
    const known = isStrict ? name : name.toLowerCase();
    if (known === (isStrict ? "Content-Type" : "content-type")) continue;
    if (known !== (isStrict ? "Content-Length" : "content-length")) {
      if (isStrict || match === null)
        return `a header line that is none: ${JSON.stringify(line.slice(0, 80))}`;
      continue;
    }
    if (!/^\d{1,10}$/.test(value)) return `a Content-Length that is no length: ${JSON.stringify(value)}`;
    length = Number(value);
  }
  return length ?? "a header without Content-Length";
}
