// Server-sent events out of bytes: lines that end in CR, LF or both, cut anywhere; comments and unknown fields are passed over.

export interface SseParser {
  /** The data of the events that these bytes complete. Throws a TooLarge when an event does not end in time. */
  feed(bytes: Uint8Array): readonly string[];
  /** The data of an event that no blank line ended. */
  finish(): readonly string[];
}

/** An event of a completion has a few hundred bytes; one with many probabilities some kilobytes. */
const LONGEST_EVENT = 1_000_000;

export class TooLarge extends Error {}

export function createSseParser(): SseParser {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  let data: string[] = [];
  let size = 0;

  const takeLine = (line: string): string | undefined => {
    if (line === "") {
      const event = data.length === 0 ? undefined : data.join("\n");
      data = [];
      size = 0;
      return event;
    }
    if (line.startsWith("data")) {
      const value = line === "data" ? "" : /^data: ?/.test(line) ? line.replace(/^data: ?/, "") : undefined;
      if (value !== undefined) {
        size += value.length;
        if (size > LONGEST_EVENT) throw new TooLarge("an event of the answer does not end");
        data.push(value);
      }
    }
    return undefined;
  };

  const take = (text: string, isEnd: boolean): string[] => {
    rest += text;
    const events: string[] = [];
    for (;;) {
      const end = rest.search(/[\r\n]/);
      if (end === -1) break;
      const isReturn = rest.charAt(end) === "\r";
      // A carriage return at the end of what came may be the first half of a line end.
      if (isReturn && end === rest.length - 1 && !isEnd) break;
      const line = rest.slice(0, end);
      rest = rest.slice(end + (isReturn && rest.charAt(end + 1) === "\n" ? 2 : 1));
      const event = takeLine(line);
      if (event !== undefined) events.push(event);
    }
    if (rest.length > LONGEST_EVENT) throw new TooLarge("a line of the answer does not end");
    return events;
  };

  return {
    feed: (bytes) => take(decoder.decode(bytes, { stream: true }), false),
    finish: () => take(`${decoder.decode()}\n\n`, true),
  };
}
