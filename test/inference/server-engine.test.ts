// The user's server as a source of completions, against real HTTP servers: what is asked, what is read, and every way to fail.
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { ModelCompletion, ModelFailure, ServerCompletions } from "../../server/inference/index.ts";
import type { Result } from "../../server/kernel/index.ts";
import { until, within } from "../kit/waiting.ts";
import {
  connect,
  event,
  json,
  nativeChunk,
  nativeEnd,
  openAiChunk,
  sse,
  startCompletionServer,
  stopClients,
  stopServers,
  words,
} from "./completion-server.ts";
import type { CompletionServer } from "./completion-server.ts";
import { request } from "./fixture.ts";

afterEach(async () => {
  stopClients();
  await stopServers();
});

const never = new AbortController().signal;

function ask(
  client: ServerCompletions,
  wanted = request("x = 1\ny = "),
  signal: AbortSignal = never,
): Promise<Result<ModelCompletion, ModelFailure>> {
  return within("an answer", client.complete(wanted, signal));
}

async function answered(
  client: ServerCompletions,
  wanted = request("x = 1\ny = "),
): Promise<ModelCompletion> {
  const result = await ask(client, wanted);
  if (!result.ok) throw new Error(`the request ended as ${JSON.stringify(result.failure)}`);
  return result.value;
}

async function failureOf(client: ServerCompletions, wanted = request("x = 1\ny = ")): Promise<string> {
  const result = await ask(client, wanted);
  if (result.ok) throw new Error(`it answered ${JSON.stringify(result.value.text)}`);
  return result.failure.kind === "failed" ? result.failure.reason : result.failure.kind;
}

const prompts = (server: CompletionServer): readonly unknown[] =>
  server.asked.map(({ body }) => body["prompt"]);

describe("an honest server", () => {
  test("completes a line: text, confidence, progress", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" x", " +", " 1"));
    const client = connect(server.url);
    const seen: string[] = [];
    const value = await answered(
      client,
      request("x = 1\ny =", { onProgress: ({ text }) => seen.push(text) }),
    );
    expect(value).toMatchObject({
      text: " x + 1",
      stop: "line-end",
      isConfident: true,
      modelId: `toy-model at ${server.url}`,
    });
    expect(value.meanProbability).toBeCloseTo(Math.exp(-0.05));
    expect(value.pieces.map(({ text }) => text)).toEqual([" x", " +", " 1"]);
    expect(seen).toEqual([" x", " x +", " x + 1"]);
    expect(client.status()).toMatchObject({
      state: "up",
      api: "openai",
      model: "toy-model",
      promptFormat: "prefix-only",
    });
  });

  test("gets the typed text last and everything before it unchanged while somebody types", async () => {
    const server = await startCompletionServer({ owner: "vllm" });
    server.answer = ({ response }) => sse(response, words("("));
    const client = connect(server.url, { promptFormat: "qwen" });
    const before = "import os\n\ndef f():\n    return o";
    for (const typed of ["", "s", "s."])
      await answered(client, request(before + typed, { after: "\n\nf()\n" }));
    const sent = prompts(server).filter((prompt) => String(prompt).endsWith("<|fim_middle|>\n    return"));
    expect(sent.length).toBeGreaterThan(0);
    for (const prompt of prompts(server)) {
      expect(String(prompt)).toMatch(
        /^<\|file_sep\|>a\.py\n<\|fim_prefix\|>import os\n\ndef f\(\):<\|fim_suffix\|>\n\nf\(\)\n<\|fim_middle\|>/,
      );
    }
  });

  test("heals a half word: the prompt is cut before it, the answer must repeat it", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" return", " x"));
    const client = connect(server.url);
    expect((await answered(client, request("a = 1; ret"))).text).toBe("urn x");
    expect(server.asked.at(-1)?.body["prompt"]).toBe("# a.py\na = 1;");
  });

  test("is asked once more without healing when the answer does not repeat what is typed", async () => {
    const server = await startCompletionServer();
    server.answer = ({ body, response }) => {
      const isUncut = String(body["prompt"]).endsWith("foo");
      sse(response, isUncut ? words("Bar()") : words(" something", " else"));
    };
    const value = await answered(connect(server.url), request("x = foo"));
    expect(value.text).toBe("Bar()");
    expect(prompts(server)).toEqual(["# a.py\nx =", "# a.py\nx = foo"]);
  });

  test("scores names from the alternatives", async () => {
    const server = await startCompletionServer();
    const chunk = (text: string, top: Record<string, number>): object => ({
      choices: [
        {
          text,
          finish_reason: null,
          logprobs: { tokens: [text], token_logprobs: [top[text]], top_logprobs: [top] },
        },
      ],
    });
    server.answer = ({ response }) =>
      sse(response, [
        chunk(" na", { " na": -0.2, " no": -2 }),
        chunk("me", { me: -0.1, " ": -3 }),
        chunk("s", { s: -0.3, "()": -1.5, _of: -2.5 }),
        openAiChunk("", "stop"),
      ]);
    const names = ["names", "name", "node", "other", "name_of", "named"];
    const value = await answered(connect(server.url), request("x = n", { names }));
    const scores = Object.fromEntries(
      value.names.map(({ name, logProbability }) => [name, Math.exp(logProbability)]),
    );
    const of = Math.exp;
    // The first token repeats the typed " n": its share is among those that do.
    const na = of(-0.2) / (of(-0.2) + of(-2));
    expect(scores["node"]).toBeCloseTo(1 - na);
    // " na", "me", and then what ends the name: "s" and "_of" go on with a longer one.
    expect(scores["name"]).toBeCloseTo(na * of(-0.1) * of(-1.5));
    expect(scores["names"]).toBeCloseTo(na * of(-0.1) * of(-0.3));
    expect(scores["name_of"]).toBeCloseTo(na * of(-0.1) * of(-2.5));
    expect(scores["named"]).toBeUndefined();
    expect(scores["other"]).toBeUndefined();
    expect(value.names[0]?.name).toBe("names");
    expect(server.asked[0]?.body["logprobs"]).toBe(5);
  });

  test("writes a block until its end is found, and the connection is closed then", async () => {
    const server = await startCompletionServer();
    const pieces = ["\n    a = 1", "\n    b = 2", "\nprint()", "\nmore"];
    server.answer = async ({ response, isClosed }) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const piece of pieces) response.write(event(openAiChunk(piece)));
      await until("the client goes away", () => isClosed() || undefined);
    };
    const findBlockEnd = (text: string): number | undefined =>
      text.includes("\nprint") ? text.indexOf("\nprint") : undefined;
    const value = await answered(
      connect(server.url),
      request("def f():", { shape: "block", findBlockEnd, maxTokens: 64 }),
    );
    expect(value).toMatchObject({ text: "\n    a = 1\n    b = 2", stop: "block-end" });
    expect(server.asked[0]?.body["stop"]).toBeUndefined();
    await until("the connection is closed", () => server.asked[0]?.isClosed() || undefined);
  });

  test("gives up the line of a block that it is not sure of, and keeps the lines before it", async () => {
    const server = await startCompletionServer();
    const sure = ["\n    a", " = 1", "\n    "].map((text) => openAiChunk(text, undefined, -0.05));
    const unsure = ["p", "q", "r", "s", "t", "u"].map((text) => openAiChunk(text, undefined, -3));
    server.answer = ({ response }) => sse(response, [...sure, ...unsure, openAiChunk("", "stop")]);
    const findBlockEnd = (): undefined => undefined;
    const value = await answered(
      connect(server.url),
      request("def f():", { shape: "block", findBlockEnd, maxTokens: 64 }),
    );
    expect(value).toMatchObject({ text: "\n    a = 1", stop: "low-confidence", isConfident: true });
    expect(value.pieces.map(({ text }) => text).join("")).toBe(value.text);
  });

  test("without probabilities an answer that came to its own end is shown, one that was cut is not", async () => {
    const server = await startCompletionServer();
    const client = connect(server.url);
    server.answer = ({ response }) => sse(response, [openAiChunk(" 1"), openAiChunk("", "stop")]);
    expect(await answered(client, request("x ="))).toMatchObject({
      isConfident: true,
      meanProbability: 0.6,
      names: [],
    });
    server.answer = ({ response }) => sse(response, [openAiChunk(" 1"), openAiChunk("", "length")]);
    expect(await answered(client, request("x ="))).toMatchObject({ isConfident: false, stop: "token-limit" });
  });

  test("a server that is not sure of itself is not shown, and is not listened to for long", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) =>
      sse(
        response,
        "abcdefgh".split("").map((text) => openAiChunk(text, undefined, -2)),
      );
    expect(await answered(connect(server.url))).toMatchObject({
      isConfident: false,
      stop: "low-confidence",
      text: "abcde",
    });
  });

  test("a loop is cut after one round", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) =>
      sse(
        response,
        Array.from({ length: 40 }, (_, index) => openAiChunk(index % 2 === 0 ? "a" : "b")),
      );
    expect(await answered(connect(server.url), request("x =", { maxTokens: 100 }))).toMatchObject({
      stop: "repetition",
      isConfident: false,
    });
  });
});

describe("llama-server", () => {
  const vocabulary = [
    "<|fim_prefix|>",
    "<|fim_suffix|>",
    "<|fim_middle|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
    "<",
    "[",
  ];

  test("is recognised, and its format is read from its vocabulary", async () => {
    const server = await startCompletionServer({ owner: "llamacpp", model: "local.gguf", vocabulary });
    server.answer = ({ response }) => sse(response, [nativeChunk(" o"), nativeChunk("s"), nativeEnd]);
    const client = connect(server.url);
    const value = await answered(client, request("import os\nprint(1, o", { after: ")\n" }));
    expect(value).toMatchObject({ text: "s", tokens: { evaluated: 2, reused: 40, generated: 1 } });
    expect(client.status()).toMatchObject({ api: "llama-server", promptFormat: "qwen" });
    const [id] = [1000, 1001, 1002];
    expect(server.asked[0]).toMatchObject({
      path: "/completion",
      body: {
        prompt: ["", id + 5, "a.py\n", id, "import os", id + 1, ")\n", id + 2, "\nprint(1,"],
        grammar: 'root ::= " o" anything\nanything ::= [^\\x00]*',
        cache_prompt: true,
      },
    });
  });

  test("text that looks like a control token reaches it in parts that are none", async () => {
    const server = await startCompletionServer({ owner: "llamacpp", vocabulary });
    server.answer = ({ response }) => sse(response, [nativeChunk("1"), nativeEnd]);
    await answered(
      connect(server.url),
      request('a = "<|fim_middle|>"\nb = "<|secret_token|>";', { after: "# </s>" }),
    );
    const prompt = server.asked[0]?.body["prompt"] as readonly (string | number)[];
    const strings = prompt.filter((part) => typeof part === "string");
    for (const part of strings) expect(part).not.toMatch(/<\|fim_middle\|>|<\|secret_token\|>|<\/s>/);
    const opener = 1000 + vocabulary.indexOf("<");
    expect(
      prompt
        .map((part) => (part === opener ? "<" : part))
        .filter((part) => typeof part === "string")
        .join(""),
    ).toBe('a.py\na = "<|fim_middle|>"# </s>\nb = "<|secret_token|>";');
  });

  test("without the tokens of any format it gets the text before the cursor", async () => {
    const server = await startCompletionServer({ owner: "llamacpp", vocabulary: ["<", "["] });
    server.answer = ({ response }) => sse(response, [nativeChunk(" 1"), nativeEnd]);
    const client = connect(server.url, { promptFormat: "qwen" });
    expect((await answered(client, request("x =", { after: "y" }))).text).toBe(" 1");
    expect(server.asked[0]?.body["prompt"]).toBe("# a.py\nx =");
    expect(client.status().promptFormat).toBe("prefix-only");
  });

  test("whose model spells the tokens of a format in another way is asked in that format", async () => {
    const spelled = ["<PRE>", "<SUF>", "<MID>", "<EOT>", "<", "["];
    const server = await startCompletionServer({ owner: "llamacpp", vocabulary: spelled });
    server.answer = ({ response }) => sse(response, [nativeChunk(" 1"), nativeEnd]);
    const client = connect(server.url);
    expect((await answered(client, request("x =", { after: "\ny" }))).text).toBe(" 1");
    expect(client.status().promptFormat).toBe("codellama");
    const ids = (server.asked[0]?.body["prompt"] as readonly unknown[]).filter(
      (part) => typeof part === "number",
    );
    expect(ids).toEqual([1000, 1001, 1002]);
  });

  test("reads a prompt ahead without writing anything", async () => {
    const server = await startCompletionServer({ owner: "llamacpp", vocabulary });
    server.answer = ({ response }) => sse(response, [nativeEnd]);
    const client = connect(server.url);
    await answered(client, request("x = 1;"));
    client.warm(request("x = 1\n"));
    await until("the server is warmed", () => server.asked[1]);
    expect(server.asked[1]?.body).toMatchObject({ n_predict: 0 });
    await until("the lane is at rest", () => client.queueLength === 0 || undefined);
  });

  test("that reads a document's prompt ahead is asked when it has read it, not beside it", async () => {
    const server = await startCompletionServer({ owner: "llamacpp", vocabulary });
    const client = connect(server.url);
    server.answer = ({ response }) => sse(response, [nativeChunk(" 1"), nativeEnd]);
    await answered(client, request("x ="));
    let finish: (() => void) | undefined;
    server.answer = ({ body, response }) => {
      const end = (): void => sse(response, [nativeChunk(" 1"), nativeEnd]);
      if (body["n_predict"] === 0) finish = end;
      else end();
    };
    client.warm(request("y ="));
    await until("it reads ahead", () => finish);
    const asked = answered(client, request("y ="));
    // Another document does not wait.
    await answered(client, request("z =", { document: "file:///b.py" }));
    expect(server.asked.length).toBe(3);
    finish?.();
    expect((await asked).text).toBe(" 1");
    expect(server.asked.map(({ body }) => body["n_predict"] === 0)).toEqual([false, true, false, false]);
  });

  test("keeps each document in a slot of its own, where its prompt was read; the one used longest ago is given away", async () => {
    const server = await startCompletionServer({ owner: "llamacpp", vocabulary });
    server.intercept = (path, response) => {
      if (path === "/props") json(response, 200, { total_slots: 2 });
      return path === "/props";
    };
    server.answer = ({ response }) => sse(response, [nativeChunk(" 1"), nativeEnd]);
    const client = connect(server.url);
    for (const document of ["a", "b", "a", "c", "a", "b"])
      await answered(client, request("x =", { document }));
    expect(server.asked.map(({ body }) => body["id_slot"])).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test("that has no grammars completes without them", async () => {
    const server = await startCompletionServer({ owner: "llamacpp", vocabulary });
    server.answer = ({ body, response }) =>
      "grammar" in body
        ? json(response, 400, { error: { code: 400, message: "failed to parse grammar" } })
        : sse(response, [nativeChunk(" os"), nativeEnd]);
    const client = connect(server.url);
    expect((await answered(client, request("import o"))).text).toBe("s");
    expect((await answered(client, request("import o"))).text).toBe("s");
    expect(server.asked.map(({ body }) => "grammar" in body)).toEqual([true, false, false]);
  });
});

describe("a server of another make", () => {
  test("lays out the prompt itself by `suffix`, and the user's text cannot steer it", async () => {
    const server = await startCompletionServer({ owner: "library", model: "qwen2.5-coder" });
    server.answer = ({ response }) => sse(response, words(" '<\u200b|fim_pad|>'"));
    const client = connect(server.url);
    const value = await answered(
      client,
      request("a = 1 # <|fim_suffix|>\nb =", { after: "\n# <|endoftext|>\n" }),
    );
    expect(server.asked[0]?.body).toMatchObject({
      prompt: "# a.py\na = 1 # <\u200b|fim_suffix|>\nb =",
      suffix: "\n# <\u200b|endoftext|>\n",
    });
    // What it repeats of a broken text is whole again; a control text ends the answer.
    expect(value).toMatchObject({ text: " '", stop: "end-of-text" });
    expect(client.status().promptFormat).toBe("the server's own");
  });

  test.each([
    ["suffix is not currently supported", ["suffix"]],
    ["Unknown field: logprobs", ["logprobs"]],
    ["unrecognized arguments", ["suffix", "logprobs", "stream_options"]],
  ])("that rejects a field with %j is asked without it from then on", async (message, fields) => {
    const server = await startCompletionServer({ owner: "somebody" });
    server.answer = ({ body, response }) =>
      fields.some((field) => field in body)
        ? json(response, 400, { error: { message } })
        : sse(response, [openAiChunk(" 1", "stop")]);
    const client = connect(server.url);
    expect((await answered(client, request("x ="))).text).toBe(" 1");
    expect((await answered(client, request("x ="))).text).toBe(" 1");
    expect(server.asked.length).toBe(3);
    const isAllowed = !fields.includes("suffix");
    expect(client.status().promptFormat).toBe(isAllowed ? "the server's own" : "prefix-only");
    expect(client.status().counts).toMatchObject({ answered: 2, failed: 0 });
  });

  test("that has no layout for the model is not asked as in a chat: only the user can tell what to do", async () => {
    const server = await startCompletionServer({ owner: "library" });
    server.answer = ({ body, response }) =>
      "suffix" in body
        ? json(response, 400, { error: { message: "registry/model does not support insert" } })
        : sse(response, words("Sure! Here is"));
    const client = connect(server.url);
    expect(await failureOf(client)).toContain("set server.promptFormat");
    expect(client.status().state).toBe("down");
    const named = connect(server.url, { promptFormat: "prefix-only" });
    expect((await answered(named)).text).toBe("Sure! Here is");
  });

  test("that reads fast gets longer prompts, one that reads slowly shorter ones", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" 1"));
    const client = connect(server.url);
    const long = (name: string): string => `${`${name} = 'abcdefgh'\n`.repeat(2000)}x =`;
    for (const name of ["one", "two", "three", "four"])
      await answered(client, request(long(name), { document: name }));
    const lengths = server.asked.map(({ body }) => String(body["prompt"]).length);
    expect(lengths[3]).toBeGreaterThan(3 * (lengths[0] ?? 0));
    expect(lengths[3]).toBeLessThan(4096 * 3);
  });

  test("whose context is smaller than the prompt gets smaller ones", async () => {
    const server = await startCompletionServer();
    server.answer = ({ body, response }) =>
      String(body["prompt"]).length > 1200
        ? json(response, 400, { error: { message: "This model's maximum context length is 512 tokens" } })
        : sse(response, words(" 1"));
    const client = connect(server.url);
    const long = `${"value = 'abcdefgh'\n".repeat(400)}x =`;
    expect((await answered(client, request(long))).text).toBe(" 1");
    const count = server.asked.length;
    expect((await answered(client, request(long))).text).toBe(" 1");
    expect(server.asked.length).toBe(count + 1);
  });

  test("half a surrogate pair at the cursor is no broken request", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" 1"));
    const smile = "😀";
    expect(
      (await answered(connect(server.url), request(`x = "${smile.charAt(0)}`, { after: smile.charAt(1) })))
        .text,
    ).toBe(" 1");
    expect(server.asked[0]?.body["prompt"]).toBe('# a.py\nx = "\uFFFD');
  });
});

describe("a server that lies about streaming", () => {
  const whole = { choices: [{ text: " x + 1\nprint(x)", finish_reason: "length" }] };

  test.each([
    ["JSON as a stream", "text/event-stream", JSON.stringify(whole)],
    ["a stream as JSON", "application/json", `${event(openAiChunk(" x + 1\n"))}data: [DONE]\n\n`],
    ["a stream without a last mark", "text/event-stream", event(openAiChunk(" x + 1", "stop"))],
    [
      "JSON lines",
      "application/x-ndjson",
      `${JSON.stringify(openAiChunk(" x +"))}\n${JSON.stringify(openAiChunk(" 1", "stop"))}\n`,
    ],
    [
      "a stream with comments, names and bare returns",
      "text/plain",
      `:ping\rid: 3\r\rdata:${JSON.stringify(openAiChunk(" x + 1"))}\r\rdata: [DONE]\r\r`,
    ],
  ])("%s is read", async (_, type, body) => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => void response.writeHead(200, { "content-type": type }).end(body);
    expect((await answered(connect(server.url), request("y ="))).text).toBe(" x + 1");
  });

  test("a compressed stream nobody asked for is read", async () => {
    const server = await startCompletionServer();
    const body = gzipSync(`${event(openAiChunk(" 42"))}data: [DONE]\n\n`);
    server.answer = ({ response }) => void response.writeHead(200, { "content-encoding": "gzip" }).end(body);
    expect((await answered(connect(server.url), request("y ="))).text).toBe(" 42");
  });

  test.each([
    ["a page", "<html><title>Welcome</title></html>", "answers with a page"],
    ["nothing", "", "sent an empty answer"],
    ["words", "I am fine, thank you", "no completion"],
    ["half an object", '{"choices": [{"text": " x', "JSON that cannot be read"],
    ["half an event", 'data: {"choices": [{"te', "JSON that cannot be read"],
    ["an error in the stream", event({ error: { message: "out of memory" } }), "out of memory"],
    ["a stream that just ends", event(openAiChunk(" x")), "broke off"],
    ["a chat", event({ choices: [{ delta: { content: "Sure!" } }] }), "as in a chat"],
    ["an event without end", `data: ${"x".repeat(1_100_000)}`, "without end"],
  ])("%s with status 200 is a failure that says so", async (_, body, words) => {
    const server = await startCompletionServer();
    server.answer = ({ response }) =>
      void response.writeHead(200, { "content-type": "text/event-stream" }).end(body);
    expect(await failureOf(connect(server.url))).toContain(words);
  });

  test("a server that never stops is cut at the limit of tokens", async () => {
    const server = await startCompletionServer();
    server.answer = async ({ response, isClosed }) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let count = 0; !isClosed(); count += 1) {
        response.write(event(openAiChunk(` word${count}`)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    expect(await answered(connect(server.url), request("y =", { maxTokens: 12 }))).toMatchObject({
      stop: "token-limit",
    });
    await until("the connection is closed", () => server.asked[0]?.isClosed() || undefined);
  });
});

describe("a server that stalls or dies", () => {
  test("before the first token: the time runs out, the connection is closed", async () => {
    const server = await startCompletionServer();
    server.answer = () => undefined;
    const client = connect(server.url, { timeoutMs: 200 });
    expect(await failureOf(client)).toContain("did not begin to answer for 100 ms");
    await until("the connection is closed", () => server.asked[0]?.isClosed() || undefined);
    expect(client.status()).toMatchObject({
      lastError: "did not begin to answer for 100 ms",
      counts: { failed: 1, retried: 0 },
    });
  });

  test("after the first token", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => void response.writeHead(200).write(event(openAiChunk(" x")));
    expect(await failureOf(connect(server.url, { timeoutMs: 400 }))).toContain(
      "stopped in the middle of its answer for 100 ms",
    );
  });

  test("with pings and without words", async () => {
    const server = await startCompletionServer();
    server.answer = async ({ response, isClosed }) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      while (!isClosed()) {
        response.write(":\n\n");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    expect(await failureOf(connect(server.url, { timeoutMs: 200 }))).toContain("did not begin to answer");
  });

  test("in the middle of its answer: a failure, and the request is not sent again", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(event(openAiChunk(" x")), () => setImmediate(() => response.destroy()));
    };
    expect(await failureOf(connect(server.url))).toContain("broke off in the middle of its answer");
    expect(server.asked.length).toBe(1);
  });

  test("killed: refused connections open the breaker at once, and nothing is asked until it is time", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" 1"));
    const client = connect(server.url);
    await answered(client);
    await server.kill();
    expect(await failureOf(client, request("z = "))).toMatch(/nothing listens there|closed the connection/);
    for (let count = 0; count < 3 && client.status().state === "up"; count += 1) await failureOf(client);
    expect(client.status()).toMatchObject({ state: "down" });
    expect(client.status().downSince).toMatch(/^\d{4}-/);
    expect(await failureOf(client)).toBe("not-ready");
    await server.revive();
    await until("the health check finds it again", () => client.status().state === "trial" || undefined);
    expect((await answered(client)).text).toBe("1");
    expect(client.status()).toMatchObject({ state: "up", downSince: undefined });
  });

  test("before it can be asked what it is: found out although nobody waits for it", async () => {
    const server = await startCompletionServer();
    server.intercept = () => true;
    const client = connect(server.url, { timeoutMs: 400 });
    await until("the server is left alone", async () => {
      const controller = new AbortController();
      const asked = ask(client, undefined, controller.signal);
      setTimeout(() => controller.abort(), 20);
      await asked;
      return client.status().state === "down" || undefined;
    });
    expect(client.status().lastError).toContain("did not begin to answer");
  });

  test("killed in front of somebody who types: attempts count although each request is superseded", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" 1"));
    // Pauses before retries are longer than the time between two keys.
    const client = connect(server.url, {}, { random: () => 1 });
    await answered(client);
    await server.kill();
    const outcomes: Promise<unknown>[] = [];
    await until("the server is left alone", async () => {
      outcomes.push(client.complete(request(`x = ${outcomes.length}`), never));
      return client.status().state === "down" || undefined;
    });
    await Promise.all(outcomes);
    expect(outcomes.length).toBeLessThan(100);
  });

  test("in front of somebody who types: requests that are given up count too", async () => {
    const server = await startCompletionServer();
    server.answer = () => undefined;
    const client = connect(server.url, { timeoutMs: 400 });
    for (let count = 0; client.status().state !== "down"; count += 1) {
      expect(count).toBeLessThan(200);
      const controller = new AbortController();
      const asked = ask(client, request(`x = ${count}`), controller.signal);
      setTimeout(() => controller.abort(), 50);
      await asked;
    }
    expect(client.status().lastError).toMatch(/did not begin to answer \d+ requests in a row/);
  });
});

describe("retries", () => {
  test("a server that is too busy is asked again, after the time that it names at the earliest", async () => {
    const server = await startCompletionServer();
    const times: number[] = [];
    server.answer = ({ response }) => {
      times.push(performance.now());
      if (times.length === 1) json(response, 429, { error: "slow down" }, { "retry-after": "1" });
      else sse(response, words(" 1"));
    };
    const client = connect(server.url);
    expect((await answered(client, request("x =", { requestClass: "explicit" }))).text).toBe(" 1");
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950);
    expect(client.status().counts).toMatchObject({ answered: 1, failed: 0, retried: 1 });
  });

  test("a key that would come too late is not retried, and the server is left in peace for the time it named", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) =>
      json(response, 503, { error: { message: "Loading model" } }, { "retry-after": "30" });
    const client = connect(server.url);
    expect(await failureOf(client)).toContain("is not ready (503): Loading model");
    expect(await failureOf(client)).toBe("not-ready");
    expect(server.asked.length).toBe(1);
    expect(client.status().counts.retried).toBe(0);
  });

  test("an error of the server or of the request is not sent again", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => json(response, 500, { error: { message: "CUDA error" } });
    expect(await failureOf(connect(server.url))).toContain("failed (500): CUDA error");
    expect(server.asked.length).toBe(1);
  });

  test("a kept connection that the server closed meanwhile is no failure", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" 1"));
    const client = connect(server.url);
    await answered(client);
    await server.kill();
    await server.revive();
    expect((await answered(client)).text).toBe("1");
    expect(client.status().counts).toMatchObject({ answered: 2, failed: 0 });
  });
});

describe("supersession", () => {
  test("of 100 keys in a row each has one outcome, only the last is answered, and the server sees closed connections", async () => {
    const server = await startCompletionServer();
    const client = connect(server.url);
    await ask(client);
    let isLast = false;
    server.answer = async ({ response, isClosed }) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(event(openAiChunk("1")));
      await until("the last one or the end", () => isLast || isClosed() || undefined);
      response.end(`${event(openAiChunk("", "stop"))}data: [DONE]\n\n`);
    };
    const outcomes: Promise<Result<ModelCompletion, ModelFailure>>[] = [];
    for (let key = 0; key < 100; key += 1) {
      outcomes.push(client.complete(request(`x = ${"1".repeat(key)};`), never));
      if (key % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    isLast = true;
    const results = await within("all outcomes", Promise.all(outcomes));
    const kinds = results.map((result) => (result.ok ? "ok" : result.failure.kind));
    expect(kinds.slice(0, -1).every((kind) => kind === "superseded")).toBe(true);
    expect(kinds.at(-1)).toBe("ok");
    await until("the connections are closed", () => server.connections() === 0 || undefined);
    expect(client.status()).toMatchObject({ state: "up", counts: { failed: 0 } });
    expect(client.queueLength).toBe(0);
  });

  test("cancelling closes the connection at once, and the answer is `cancelled`", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => void response.writeHead(200).write(event(openAiChunk(" x")));
    const client = connect(server.url);
    const controller = new AbortController();
    const seen: string[] = [];
    const asked = ask(
      client,
      request("y =", { onProgress: ({ text }) => seen.push(text) }),
      controller.signal,
    );
    await until("a token came", () => seen[0]);
    controller.abort();
    expect(await asked).toEqual({ ok: false, failure: { kind: "cancelled" } });
    await until("the connection is closed", () => server.asked[0]?.isClosed() || undefined);
  });

  test("no more requests than allowed are under way, and somebody who types comes first", async () => {
    const server = await startCompletionServer();
    const open: (() => void)[] = [];
    server.answer = ({ response }) => void open.push(() => sse(response, words(" 1")));
    const client = connect(server.url, { maxConcurrent: 1 });
    const order: string[] = [];
    const run = (document: string, requestClass: "typing" | "background"): Promise<unknown> =>
      ask(client, request("x =", { document, requestClass })).then((result) =>
        order.push(`${document} ${result.ok}`),
      );
    const first = run("a", "typing");
    await until("the first runs", () => open[0]);
    const others = [run("b", "background"), run("c", "typing")];
    expect(server.asked.length).toBe(1);
    open.shift()?.();
    await first;
    await until("the next runs", () => open[0]);
    open.shift()?.();
    await until("the last runs", () => open[0]);
    open.shift()?.();
    await Promise.all(others);
    expect(order).toEqual(["a true", "c true", "b true"]);
  });
});

describe("keys and addresses", () => {
  test("the key is sent as configured, to every address of the server, and never shown", async () => {
    const server = await startCompletionServer();
    const key = "sk-very-secret";
    server.answer = ({ response }) =>
      json(response, 401, { error: { message: `Incorrect API key provided: ${key}` } });
    const client = connect(server.url, { keyVariable: "TOY_KEY" }, { environment: { TOY_KEY: key } });
    const reason = await failureOf(client);
    expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(reason).toContain("does not accept the key (401)");
    expect(reason + JSON.stringify(client.status())).not.toContain(key);
    // Only a person can help: it is not asked again and again.
    expect(client.status().state).toBe("down");
  });

  test("without a variable no key is sent", async () => {
    const server = await startCompletionServer();
    await ask(connect(server.url));
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });

  test("a redirect is not followed", async () => {
    const other = await startCompletionServer();
    const server = await startCompletionServer();
    server.answer = ({ response }) =>
      void response.writeHead(307, { location: `${other.url}/v1/completions` }).end();
    const client = connect(server.url, { keyVariable: "TOY_KEY" }, { environment: { TOY_KEY: "k" } });
    expect(await failureOf(client)).toContain("answers with a redirect (307)");
    expect(other.seen).toEqual([]);
  });

  test("an address that ends with /v1, and one below another path, are understood", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" 1"));
    expect((await answered(connect(`${server.url}/v1/`))).text).toBe("1");
    expect(await failureOf(connect(`${server.url}/nowhere`))).toContain("has no such address or model (404)");
  });

  test("a proxy in the environment is not used", async () => {
    const proxy = await startCompletionServer();
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" 1"));
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: proxy.url, HTTP_PROXY: proxy.url, NODE_USE_ENV_PROXY: "1" });
    try {
      expect((await answered(connect(server.url))).text).toBe("1");
    } finally {
      process.env = before;
    }
    expect(proxy.seen).toEqual([]);
  });
});
