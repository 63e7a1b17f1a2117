// The parts of the server engine that need no server: event streams, control texts, the breaker, retries, settings, prompts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBreaker } from "../../server/inference/engine/server/breaker.ts";
import { createControlTexts } from "../../server/inference/engine/server/control-texts.ts";
import { pauseBeforeRetry } from "../../server/inference/engine/server/retry.ts";
import { wordsOf } from "../../server/inference/engine/server/server-failure.ts";
import { readRetryAfter } from "../../server/inference/retry-after.ts";
import { createServerLane } from "../../server/inference/engine/server/server-lane.ts";
import { readServerOptions } from "../../server/inference/engine/server/server-options.ts";
import { buildServerPrompt, countPrompt } from "../../server/inference/engine/server/server-prompt.ts";
import { createSseParser } from "../../server/inference/engine/server/sse.ts";
import type { ModelFailure, RequestClass, ServerSettings } from "../../server/inference/index.ts";
import { fail, succeed } from "../../server/kernel/index.ts";
import type { Result } from "../../server/kernel/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import { formats } from "./completion-server.ts";

import { serverDefaults } from "./completion-server.ts";
describe("event streams", () => {
  test("cut anywhere, with any line ends and comments between, give the same events", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => !/[\r\n]/.test(text));
    const stream = fc.record({
      events: fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
      newline: fc.constantFrom("\n", "\r", "\r\n"),
      noise: fc.constantFrom("", ": ping", "event: message", "id: 7", "retry: 10"),
      cuts: fc.array(fc.nat(400), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(stream, ({ events, newline, noise, cuts }) => {
        const text = events
          .map((lines) =>
            [...(noise === "" ? [] : [noise]), ...lines.map((one) => `data: ${one}`), "", ""].join(newline),
          )
          .join("");
        const bytes = new TextEncoder().encode(text);
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ];
        const parser = createSseParser();
        const found: string[] = [];
        for (let at = 1; at < places.length; at += 1)
          found.push(...parser.feed(bytes.subarray(places[at - 1], places[at])));
        found.push(...parser.finish());
        expect(found).toEqual(events.map((lines) => lines.join("\n")));
      }),
    );
  });
});

describe("control texts in the user's code", () => {
  const controls = createControlTexts(["<|fim_middle|>", "<EOT>", "[SUFFIX]", "<｜fim▁hole｜>"]);

  test("are broken up without a character lost, whatever stands around them", () => {
    const piece = fc.constantFrom(
      "<|fim_middle|>",
      "<EOT>",
      "[SUFFIX]",
      "<｜fim▁hole｜>",
      "<|im_start|>",
      "</s>",
      "<",
      "|>",
      "a",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("");
        const parts = controls.split(text);
        expect(parts.join("")).toBe(text);
        for (const part of parts) expect(controls.has(part)).toBe(false);
        const broken = controls.break(text);
        expect(controls.has(broken)).toBe(false);
        expect(broken.replaceAll("\u200b", "")).toBe(text);
      }),
    );
  });

  test("code without them is left as it is", () => {
    const code = 'if (a < b && c > d) { list[i] = "<div>" + f<T>(x) | y; } // [TODO] -> <T extends U>';
    expect(controls.break(code)).toBe(code);
  });
});

describe("the breaker", () => {
  const open = (): {
    clock: ReturnType<typeof createManualClock>;
    breaker: ReturnType<typeof createBreaker>;
    changes: string[];
  } => {
    const clock = createManualClock();
    const changes: string[] = [];
    const breaker = createBreaker({ clock, random: () => 1, onChange: () => changes.push(breaker.state) });
    return { clock, breaker, changes };
  };

  test("opens at the third failure in a row, lets one trial through after its rest, and closes when it succeeds", () => {
    const { clock, breaker, changes } = open();
    for (const reason of ["a", "b"]) breaker.fail(reason, "count");
    breaker.succeed();
    for (const reason of ["c", "d", "e"]) breaker.fail(reason, "count");
    expect(breaker.state).toBe("open");
    expect(breaker.admit()).toBe("refused");
    clock.advance(999);
    expect(breaker.admit()).toBe("refused");
    clock.advance(1);
    expect([breaker.admit(), breaker.admit()]).toEqual(["trial", "refused"]);
    breaker.release();
    expect(breaker.admit()).toBe("trial");
    breaker.succeed();
    expect([breaker.admit(), breaker.admit()]).toEqual(["normal", "normal"]);
    expect(changes).toEqual(["open", "half-open", "closed"]);
    expect(breaker.lastFailure).toBe("e");
  });

  test("rests twice as long after each failed trial, up to a minute; what only a person can mend rests a minute at once", () => {
    const { clock, breaker } = open();
    breaker.fail("gone", "open");
    for (const restMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      clock.advance(restMs - 1);
      expect(breaker.admit()).toBe("refused");
      clock.advance(1);
      expect(breaker.admit()).toBe("trial");
      breaker.fail("still gone", "count");
    }
    const other = open();
    other.breaker.fail("wrong key", "final");
    other.clock.advance(59_999);
    expect(other.breaker.admit()).toBe("refused");
  });

  test("is never stuck: from any history a working server is used again", () => {
    const step = fc.oneof(
      fc
        .constantFrom("count", "open", "final", "succeed", "release", "hope", "admit")
        .map((what) => ({ what, ms: 0 })),
      fc.nat(100_000).map((ms) => ({ what: "wait", ms })),
      fc.nat(400_000).map((ms) => ({ what: "pause", ms })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { clock, breaker } = open();
        for (const { what, ms } of steps) {
          if (what === "wait") clock.advance(ms);
          else if (what === "pause") breaker.pause(ms);
          else if (what === "succeed") breaker.succeed();
          else if (what === "release") breaker.release();
          else if (what === "hope") breaker.hope();
          else if (what === "admit") breaker.admit();
          else breaker.fail("x", what === "final" ? "final" : what === "open" ? "open" : "count");
        }
        // A trial that was let through has to end some day.
        breaker.release();
        clock.advance(300_000);
        expect(breaker.admit()).not.toBe("refused");
        breaker.succeed();
        expect(breaker.state).toBe("closed");
      }),
    );
  });
});

describe("retries", () => {
  const unreachable = { kind: "unreachable", reason: "x" } as const;
  const attempt = (count: number, elapsedMs = 0, requestClass: RequestClass = "explicit") => ({
    count,
    elapsedMs,
    requestClass,
  });

  test("wait any time up to a ceiling that doubles, and never beyond the use of the answer", () => {
    const pauses = [1, 2, 3].map((count) => pauseBeforeRetry(unreachable, attempt(count), () => 1));
    expect(pauses).toEqual([100, 200, 400]);
    expect(pauseBeforeRetry(unreachable, attempt(2), () => 0)).toBe(0);
    expect(pauseBeforeRetry(unreachable, attempt(4), () => 0)).toBeUndefined();
    expect(pauseBeforeRetry(unreachable, attempt(1, 1450, "typing"), () => 1)).toBeUndefined();
    expect(pauseBeforeRetry(unreachable, attempt(1, 0, "warming"), () => 0)).toBeUndefined();
    expect(pauseBeforeRetry({ kind: "timeout", reason: "x" }, attempt(1), () => 0)).toBeUndefined();
    expect(pauseBeforeRetry({ kind: "busy", reason: "x", retryAfterMs: 2000 }, attempt(1), () => 1)).toBe(
      2100,
    );
    expect(
      pauseBeforeRetry({ kind: "busy", reason: "x", retryAfterMs: 9000 }, attempt(1), () => 1),
    ).toBeUndefined();
  });
});

describe("what a server says in errors", () => {
  test.each([
    ['{"error":{"message":"no\\u001b[31m slot"}}', "no [31m slot"],
    ['{"detail":[{"msg":"x"}]}', '{"detail":[{"msg":"x"}]}'],
    ["<html><head><title>502 Bad\nGateway</title></head></html>", "502 Bad Gateway"],
    ["<p>Oh no</p>", "a page, no answer"],
    ["", ""],
  ])("%j is shown as %j", (body, words) => {
    expect(wordsOf(body)).toBe(words);
  });

  test("is cut", () => {
    expect(wordsOf("x".repeat(5000)).length).toBeLessThan(200);
  });

  test.each([
    [undefined, undefined],
    ["soon", undefined],
    ["", undefined],
    ["7", 7000],
    [" 7 ", 7000],
    ["Wed, 21 Oct 2015 07:28:00 GMT", 0],
    ["Wed, 21 Oct 2015 07:30:05 GMT", 5000],
  ])("asks with a Retry-After of %j to be left alone for %j ms", (header, expected) => {
    expect(readRetryAfter(header, new Date("2015-10-21T07:30:00Z"))).toBe(expected);
  });
});

describe("the settings of a server", () => {
  const read = (settings: Partial<ServerSettings>, isOffline = false, environment = {}): string => {
    const result = readServerOptions(
      { ...serverDefaults, ...settings },
      { environment, isOffline, formats: new Set(["qwen"]) },
    );
    if (result === undefined) return "none";
    return result.ok ? `${result.value.root} ${result.value.openai}` : result.failure;
  };

  test.each([
    [{}, "none"],
    [{ url: "http://127.0.0.1:8080" }, "http://127.0.0.1:8080 http://127.0.0.1:8080/v1"],
    [{ url: "http://localhost:1234/v1/" }, "http://localhost:1234 http://localhost:1234/v1"],
    [{ url: "http://[::1]:1/a/v1" }, "http://[::1]:1/a http://[::1]:1/a/v1"],
    [{ url: "https://llm.example.org" }, "https://llm.example.org https://llm.example.org/v1"],
    [{ url: "http://llm.example.org" }, "is not encrypted"],
    [{ url: "http://127.0.0.1.example.org" }, "is not encrypted"],
    [{ url: "http://llm.example.org", allowInsecure: true }, "http://llm.example.org/v1"],
    [{ url: "http://user:pw@127.0.0.1" }, "holds a name or a password"],
    [{ url: "file:///etc/passwd" }, "must begin with http"],
    [{ url: "127.0.0.1:8080" }, "not a valid address"],
    [{ url: "http://127.0.0.1/?key=1" }, "no ?"],
    [{ url: "http://127.0.0.1", promptFormat: "nope" }, 'there is no format "nope"; there are qwen'],
    [{ url: "http://127.0.0.1", keyVariable: "MISSING" }, "is not set"],
  ])("%j is %j", (settings, expected) => {
    expect(read(settings)).toContain(expected);
  });

  test("a key that was put in place of its variable's name is refused and not repeated", () => {
    const problem = read({ url: "http://127.0.0.1", keyVariable: "sk-12345-abc" });
    expect(problem).toContain("must be the name of an environment variable");
    expect(problem).not.toContain("12345");
    expect(read({ url: "http://127.0.0.1", keyVariable: "K" }, false, { K: "a b" })).toContain(
      "holds blanks",
    );
  });

  test("offline allows this machine only", () => {
    expect(read({ url: "https://llm.example.org" }, true)).toContain('"offline" forbids the network');
    expect(read({ url: "http://127.0.0.1:8080" }, true)).toContain("http://127.0.0.1:8080");
  });
});

describe("the prompt", () => {
  const format = formats.get("qwen");
  if (format === undefined) throw new Error("there is no format to test with");

  test("keeps everything but the line while somebody types on it, and stays within its budget", () => {
    const text = fc.array(
      fc.constantFrom("value = 1\n", "\n", "    call(a, b)\n", "x", " ", "(", "日本", "\t"),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(
        text,
        text,
        fc.string({ unit: fc.constantFrom("a", ".", " ", "("), maxLength: 12 }),
        (above, after, typed) => {
          const layout = { format, budgetTokens: 200, isHealed: true, hasSuffix: true };
          const source = {
            path: "a",
            lineComment: undefined,
            before: `${above.join("")}\ny`,
            after: after.join(""),
          };
          let previous = buildServerPrompt(source, layout, undefined);
          for (let length = 1; length <= typed.length; length += 1) {
            const next = buildServerPrompt(
              { ...source, before: source.before + typed.slice(0, length) },
              layout,
              previous.memory,
            );
            expect(next.pieces.slice(0, -1)).toEqual(previous.pieces.slice(0, -1));
            const line = next.pieces.at(-1);
            expect(`${line !== undefined && "text" in line ? line.text : ""}${next.typed}`).toContain(
              `y${typed.slice(0, length)}`,
            );
            const size = countPrompt({ ...next, pieces: next.pieces.slice(0, -1) });
            // Beside the budget: the path and the format's own tokens.
            expect(size).toBeLessThanOrEqual(200 + 5);
            previous = next;
          }
        },
      ),
    );
  });
});

describe("what else a format tells", () => {
  const source = {
    path: "a\nb.py",
    lineComment: "#",
    languageName: "Python",
    repository: "shop",
    related: [{ path: "cart.py", text: "total = 0\n" }],
    before: "x = 1\ny = t",
    after: "\nprint(y)",
  };
  const written = (name: string, budgetTokens = 512): string => {
    const named = formats.get(name);
    if (named === undefined) throw new Error(`there is no format ${name}`);
    const layout = { format: named, budgetTokens, isHealed: true, hasSuffix: true };
    const { pieces } = buildServerPrompt(source, layout, undefined);
    return pieces.map((piece) => (piece.kind === "token" ? piece.token : piece.text)).join("");
  };

  test("stands in a server's prompt as in one of the model in process", () => {
    expect(written("qwen")).toBe(
      "<|repo_name|>shop\n<|file_sep|>cart.py\ntotal = 0\n<|file_sep|>a b.py\n" +
        "<|fim_prefix|>x = 1<|fim_suffix|>\nprint(y)<|fim_middle|>\ny =",
    );
    expect(written("aixcoder")).toContain("Python");
  });

  test("is left out where it does not fit", () => {
    expect(written("qwen", 8)).not.toContain("total");
  });
});

describe("the lane", () => {
  test("gives every request exactly one outcome, and runs no more than allowed at a time", async () => {
    const script = fc.array(
      fc.record({
        document: fc.constantFrom("a", "b", "c"),
        requestClass: fc.constantFrom<RequestClass>("typing", "explicit", "warming", "background"),
        what: fc.constantFrom("submit", "submit", "submit", "finish", "abort", "cancel"),
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 3 }), async (steps, most) => {
        const lane = createServerLane(most, () => undefined);
        const open: { finish: () => void; signal: AbortSignal }[] = [];
        const controllers: AbortController[] = [];
        const outcomes: Promise<Result<number, ModelFailure>>[] = [];
        for (const { document, requestClass, what } of steps) {
          if (what === "submit") {
            const controller = new AbortController();
            controllers.push(controller);
            const value = outcomes.length;
            outcomes.push(
              lane.submit<number>({
                document,
                requestClass,
                signal: controller.signal,
                run: (signal) =>
                  new Promise((resolve) => open.push({ signal, finish: () => resolve(succeed(value)) })),
              }),
            );
          } else if (what === "finish") open.shift()?.finish();
          else if (what === "abort") controllers.pop()?.abort();
          else lane.cancel(document);
          expect(open.filter(({ signal }) => !signal.aborted).length).toBeLessThanOrEqual(most + 1);
          await Promise.resolve();
        }
        lane.dispose();
        const results = await Promise.all(outcomes);
        expect(results.length).toBe(outcomes.length);
        expect(lane.length).toBe(0);
        expect(
          await lane.submit({
            document: "a",
            requestClass: "typing",
            signal: new AbortController().signal,
            run: () => Promise.resolve(succeed(1)),
          }),
        ).toEqual(fail({ kind: "cancelled" }));
      }),
      { numRuns: 60 },
    );
  });
});
