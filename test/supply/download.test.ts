// Downloads over a real connection from a server that misbehaves: the file is right in the end, or the reason is.
import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SupplyFailure, SupplyProgress } from "../../server/inference/index.ts";
import { systemDownloads, systemFiles, systemProcesses } from "../../server/platform/index.ts";
import type { Clock } from "../../server/platform/index.ts";
import { until } from "../kit/waiting.ts";
import { startFileServer } from "./kit/file-server.ts";
import type { FileServer } from "./kit/file-server.ts";
import { encodeGguf, makeModelOfSize, soundModel } from "./kit/gguf.ts";
import { briefPauses, makeSupply, scaledClock, sha256 } from "./kit/supply-kit.ts";
import type { SupplyKit } from "./kit/supply-kit.ts";

const model = makeModelOfSize(1_000_000);
const otherModel = makeModelOfSize(1_000_000, 2);
let server: FileServer;

beforeEach(async () => {
  server = await startFileServer();
  server.serve(model, '"one"');
});
afterEach(() => server.close());

const noSignal = new AbortController().signal;
const quiet = { signal: noSignal, onProgress: () => undefined };

function pinned(clock: Clock = briefPauses): Promise<SupplyKit> {
  const entry = { sources: [[`${server.url}/m.gguf`]], bytes: model.length, sha256: sha256(model) };
  return makeSupply(entry, { clock });
}

/** Silence of 30 seconds takes 1.5 here. */
const impatient = scaledClock(0.05);

function unpinned(): Promise<SupplyKit> {
  return makeSupply({ sources: [[`${server.url}/m.gguf`]] });
}

async function expectModel(kit: SupplyKit, bytes = model): Promise<void> {
  expect(await kit.supplier.fetch(kit.entry, quiet)).toEqual({
    ok: true,
    value: kit.supplier.pathOf(kit.entry),
  });
  expect(sha256(readFileSync(kit.supplier.pathOf(kit.entry)))).toBe(sha256(bytes));
  expect(await kit.supplier.find(kit.entry)).toBe(kit.supplier.pathOf(kit.entry));
  // The model and its stamp: no part, no notes, no lock stays behind.
  expect(readdirSync(kit.models)).toHaveLength(2);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function failureOf(kit: SupplyKit): Promise<SupplyFailure> {
  const result = await kit.supplier.fetch(kit.entry, quiet);
  if (result.ok) throw new Error("the fetch should have failed");
  expect(kit.supplier.explain(result.failure)).toMatch(/^\S.+[.]$/);
  expect(await kit.supplier.find(kit.entry)).toBeUndefined();
  expect(existsSync(`${kit.supplier.pathOf(kit.entry)}.lock`)).toBe(false);
  return result.failure;
}

test("fetches a file once, and finds it without asking anybody again", async () => {
  const kit = await pinned();
  await expectModel(kit);
  await expectModel(kit);
  expect(server.requests).toHaveLength(1);
});

test("goes on where a cut connection stopped, and asks for the same file", async () => {
  server.next(
    (request, response) => server.answer(request, response, { cutAfter: 300_000 }),
    (request, response) => server.answer(request, response, { cutAfter: 300_000 }),
  );
  const kit = await pinned();
  await expectModel(kit);
  expect(server.requests.map(({ ifRange }) => ifRange)).toEqual([undefined, '"one"', '"one"']);
  expect(server.requests[1]?.range).toMatch(/^bytes=[1-9]\d*-$/);
});

test("begins again when the file was replaced between two pieces", async () => {
  server.next((request, response) => {
    server.answer(request, response, { cutAfter: 300_000 });
    server.serve(otherModel, '"two"');
  });
  const kit = await unpinned();
  await expectModel(kit, otherModel);
});

test("begins again when the server knows no ranges", async () => {
  server.next(
    (request, response) => server.answer(request, response, { cutAfter: 300_000 }),
    (request, response) => {
      delete request.headers.range;
      server.answer(request, response);
    },
  );
  await expectModel(await pinned());
});

test("does not splice when neither a validator nor a hash can vouch for the pieces", async () => {
  server.serve(model);
  server.next((request, response) => {
    server.answer(request, response, { cutAfter: 300_000 });
    server.serve(otherModel);
  });
  await expectModel(await unpinned(), otherModel);
  expect(server.requests.map(({ range }) => range)).toEqual([undefined, undefined]);
});

test("throws pieces of two files away and begins again when the hash shows it", async () => {
  // No ETag: the second try takes the rest of another file; the hash of the catalogue finds out.
  server.serve(otherModel);
  server.next((request, response) => {
    server.answer(request, response, { cutAfter: 300_000 });
    server.serve(model);
  });
  const kit = await pinned();
  const stopped = new AbortController();
  const running = kit.supplier.fetch(kit.entry, { signal: stopped.signal, onProgress: () => undefined });
  const failed = await running;
  // Within one run the pieces count as one try: the hash fails and everything is dropped.
  expect(failed).toMatchObject({ ok: false, failure: { kind: "wrong-hash" } });
  expect(readdirSync(kit.models)).toEqual([]);
  await expectModel(kit);
});

test("repairs a part that an earlier run left damaged", async () => {
  const kit = await pinned();
  const stop = new AbortController();
  server.next((request, response) => server.answer(request, response, { stallAfter: 500_000 }));
  const running = kit.supplier.fetch(kit.entry, { signal: stop.signal, onProgress: () => undefined });
  const part = `${kit.supplier.pathOf(kit.entry)}.part`;
  await until("some bytes on disk", () => existsSync(part) && readFileSync(part).length > 400_000);
  stop.abort();
  expect(await running).toEqual({ ok: false, failure: { kind: "cancelled" } });
  const bytes = readFileSync(part);
  bytes.fill(0xaa, 1000, 2000);
  writeFileSync(part, bytes);
  await expectModel(kit);
  // The damaged piece was continued, found wrong, and fetched again from the start.
  expect(server.requests.map(({ range }) => range === undefined)).toEqual([true, false, true]);
});

test("survives a server that stalls in the middle", async () => {
  server.next((request, response) => server.answer(request, response, { stallAfter: 200_000 }));
  const kit = await pinned(impatient);
  await expectModel(kit);
  expect(server.requests.length).toBeGreaterThan(1);
});

test("survives a server that accepts and says nothing", async () => {
  server.next(() => undefined);
  await expectModel(await pinned(impatient));
  expect(server.requests.length).toBeGreaterThan(1);
});

test("cancels at once, also while it waits, and goes on later", async () => {
  const kit = await makeSupply(
    { sources: [[`${server.url}/m.gguf`]], bytes: model.length, sha256: sha256(model) },
    { clock: scaledClock(1) },
  );
  server.next((request, response) => server.answer(request, response, { stallAfter: 400_000 }));
  const stop = new AbortController();
  const seen: SupplyProgress[] = [];
  const running = kit.supplier.fetch(kit.entry, {
    signal: stop.signal,
    onProgress: (step) => seen.push(step),
  });
  const part = `${kit.supplier.pathOf(kit.entry)}.part`;
  await until("some bytes on disk", () => existsSync(part) && readFileSync(part).length >= 300_000);
  stop.abort();
  // The stall limit is 30 s of real time here: only the cancelling can end this.
  expect(await running).toEqual({ ok: false, failure: { kind: "cancelled" } });
  expect(
    readdirSync(kit.models)
      .sort()
      .map((name) => name.replace(/^.*\.gguf/, "")),
  ).toEqual([".part", ".part.json"]);
  await expectModel(kit);
  expect(server.requests[1]).toMatchObject({ ifRange: '"one"' });
  expect(seen[0]).toMatchObject({ phase: "fetching", totalBytes: model.length });
});

test("cancels also in the moment between the last byte and the end", async () => {
  const kit = await pinned();
  const stop = new AbortController();
  const onProgress = ({ receivedBytes, totalBytes }: SupplyProgress): void => {
    if (receivedBytes === totalBytes) stop.abort();
  };
  expect(await kit.supplier.fetch(kit.entry, { signal: stop.signal, onProgress })).toEqual({
    ok: false,
    failure: { kind: "cancelled" },
  });
  await expectModel(kit);
});

test("takes what is complete already when the server says so", async () => {
  const kit = await pinned();
  // The whole file came, and the process died before it could put it in its place.
  server.next((request, response) => server.answer(request, response, { stallAfter: model.length }));
  const stop = new AbortController();
  server.serve(model, '"one"');
  server.next();
  const part = `${kit.supplier.pathOf(kit.entry)}.part`;
  const slow: typeof systemFiles = {
    ...systemFiles,
    async rename(from, to) {
      if (from === part) stop.abort();
      stop.signal.throwIfAborted();
      return systemFiles.rename(from, to);
    },
  };
  const dying = await kit.restart({ files: slow });
  await dying.fetch(kit.entry, { signal: stop.signal, onProgress: () => undefined });
  expect(readFileSync(part)).toHaveLength(model.length);
  await expectModel(kit);
  expect(server.requests).toHaveLength(1);
});

test("begins again when the server has less than what is here", async () => {
  const kit = await pinned();
  const part = `${kit.supplier.pathOf(kit.entry)}.part`;
  writeFileSync(part, Buffer.alloc(model.length));
  writeFileSync(
    `${part}.json`,
    JSON.stringify({
      source: JSON.stringify([`${server.url}/m.gguf`]),
      partIndex: 0,
      baseBytes: 0,
      validator: '"one"',
    }),
  );
  server.always((request, response) => {
    if (request.headers.range === undefined) server.answer(request, response);
    else response.writeHead(416, { "content-range": "bytes */12" }).end();
  });
  await expectModel(kit);
});

test.each([
  ["without a length", { "transfer-encoding": "chunked" }],
  ["with a weak ETag", { etag: 'W/"weak"' }],
] as const)("fetches from a server %s", async (_, headers) => {
  server.next((request, response) => {
    response.writeHead(200, headers);
    response.end(model);
  });
  await expectModel(await pinned());
});

test("refuses a file of another size before it travels", async () => {
  server.serve(Buffer.concat([model, model]), '"big"');
  expect(await failureOf(await pinned())).toMatchObject({
    kind: "invalid-file",
    reason: expect.stringContaining(`${model.length} were expected`) as string,
  });
});

test("stops a server that sends more than the file has", async () => {
  server.always((_, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.write(model);
    const more = setInterval(() => response.write(model), 1);
    response.on("close", () => clearInterval(more));
  });
  const kit = await pinned();
  expect(await failureOf(kit)).toMatchObject({ kind: "invalid-file" });
});

test("tries again when fewer bytes come than were announced", async () => {
  server.next((_, response) => {
    response.writeHead(200, { "content-length": String(model.length), etag: '"one"' });
    response.write(model.subarray(0, 1000), () => response.destroy());
  });
  await expectModel(await pinned());
});

test("refuses a file with another hash and keeps nothing of it", async () => {
  server.serve(otherModel, '"two"');
  const kit = await pinned();
  expect(await failureOf(kit)).toEqual({
    kind: "wrong-hash",
    expected: sha256(model),
    actual: sha256(otherModel),
  });
  expect(readdirSync(kit.models)).toEqual([]);
});

test("refuses a file that is no model and keeps nothing of it", async () => {
  server.serve(Buffer.from("not a model, but the bytes are these"), '"text"');
  const kit = await unpinned();
  expect(await failureOf(kit)).toMatchObject({
    kind: "invalid-file",
    reason: expect.stringContaining("not a GGUF file") as string,
  });
  expect(readdirSync(kit.models)).toEqual([]);
});

test("refuses a model of another architecture", async () => {
  server.serve(encodeGguf(soundModel), '"tiny"');
  const kit = await makeSupply({ sources: [[`${server.url}/m.gguf`]], architecture: "qwen2" });
  expect(await failureOf(kit)).toMatchObject({
    kind: "invalid-file",
    reason: expect.stringContaining("qwen2 was expected") as string,
  });
});

test("says that a network wants a login first when a page comes in place of the file", async () => {
  server.always((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>please log in</html>");
  });
  expect(await failureOf(await pinned())).toMatchObject({
    kind: "unreachable",
    reason: expect.stringContaining("login") as string,
  });
});

test.each([
  [404, "does not have the file (404)"],
  [410, "does not have the file (410)"],
  [403, "set HF_TOKEN"],
  [401, "set HF_TOKEN"],
  [400, "answered 400"],
])("gives up at once on %i", async (status, reason) => {
  server.always((_, response) => void response.writeHead(status).end());
  expect(await failureOf(await pinned())).toMatchObject({
    kind: "unreachable",
    reason: expect.stringContaining(reason) as string,
  });
  expect(server.requests).toHaveLength(1);
});

test("tries again on 500, 503 and 429, as late as the server asks", async () => {
  const answers = [500, 503, 429].map((status) => (_: unknown, response: ServerResponse) => {
    response.writeHead(status, { "retry-after": "1" }).end();
  });
  server.next(...answers);
  await expectModel(await pinned());
  expect(server.requests).toHaveLength(4);
});

test("gives up after six fruitless tries, and names the host", async () => {
  server.always((_, response) => void response.writeHead(500).end());
  expect(await failureOf(await pinned())).toMatchObject({
    kind: "unreachable",
    reason: expect.stringMatching(/^127\.0\.0\.1:\d+ could not be read: .* answered 500\.$/) as string,
  });
  expect(server.requests).toHaveLength(6);
});

test("never gives up on a slow line that brings something each time", async () => {
  const long = makeModelOfSize(4_000_000);
  server.serve(long, '"long"');
  const kit = await makeSupply({ sources: [[`${server.url}/m`]], bytes: long.length, sha256: sha256(long) });
  const path = kit.supplier.pathOf(kit.entry);
  server.always(async (request, response) => {
    const start = Number(/\d+/.exec(request.headers.range ?? "0")?.[0]);
    server.answer(request, response, { stallAfter: 400_000 });
    // What has arrived and was not read yet when a connection breaks is lost: only what is on the disk was brought.
    await until(
      "the bytes are on the disk",
      () => existsSync(path) || sizeOf(`${path}.part`) >= start + 400_000,
    );
    response.destroy();
  });
  await expectModel(kit, long);
  expect(server.requests.length).toBeGreaterThan(8);
});

test("says why when nothing listens, and that a proxy is set which is not used", async () => {
  const kit = await makeSupply(
    { sources: [["http://127.0.0.1:1/m.gguf"]] },
    { processes: { ...systemProcesses, environment: { HTTPS_PROXY: "http://user:secret@proxy" } } },
  );
  const failure = await failureOf(kit);
  expect(failure).toMatchObject({
    kind: "unreachable",
    reason: expect.stringContaining("HTTPS_PROXY is set") as string,
  });
  expect(JSON.stringify(failure)).not.toContain("secret");
});

test("follows redirects, and takes a new signed address when the old one ran out", async () => {
  const redirect = (target: string) => (_: unknown, response: ServerResponse) => {
    response.writeHead(302, { location: target }).end();
  };
  const storage = await startFileServer();
  storage.serve(model, '"one"');
  storage.next((_, response) => void response.writeHead(403).end());
  server.always(redirect(`${storage.url}/signed?key=1`));
  await expectModel(await pinned());
  expect(server.requests).toHaveLength(2);
  await storage.close();
});

test.each([
  ["to an address that is not encrypted", "http://example.invalid/m.gguf"],
  ["to another protocol", "ftp://example.invalid/m.gguf"],
])("does not follow a redirect %s", async (_, target) => {
  server.always((__, response) => void response.writeHead(302, { location: target }).end());
  expect(await failureOf(await pinned())).toMatchObject({
    kind: "unreachable",
    reason: expect.stringContaining("not encrypted") as string,
  });
  expect(server.requests).toHaveLength(1);
});

test("does not follow redirects in circles", async () => {
  server.always((_, response) => void response.writeHead(302, { location: "/again" }).end());
  expect(await failureOf(await pinned())).toMatchObject({
    reason: expect.stringContaining("redirects without end") as string,
  });
});

test("asks a hub with its token, tells the token to nobody else, and takes the hub's own hash", async () => {
  const storage = await startFileServer();
  storage.serve(model, '"blob"');
  server.always((_, response) => {
    response
      .writeHead(302, {
        location: `${storage.url}/blob`,
        "x-linked-etag": `"${sha256(model)}"`,
        "x-linked-size": String(model.length),
      })
      .end();
  });
  const kit = await makeSupply(
    { sources: [["hf:some/Model-GGUF/dir/file one.gguf@v1"]] },
    { supplySettings: { hubEndpoint: `${server.url}/`, hubToken: "hf_secret" } },
  );
  await expectModel(kit);
  expect(server.requests[0]).toMatchObject({
    path: "/some/Model-GGUF/resolve/v1/dir/file%20one.gguf",
    authorization: "Bearer hf_secret",
  });
  expect(storage.requests[0]?.authorization).toBeUndefined();

  // The same hub, and a storage that has something else than the hub says.
  await kit.supplier.remove(kit.entry);
  storage.serve(otherModel, '"other"');
  expect(await failureOf(kit)).toEqual({
    kind: "wrong-hash",
    expected: sha256(model),
    actual: sha256(otherModel),
  });
  await storage.close();
});

test("refuses before anything travels when the hub declares another hash than the catalogue", async () => {
  server.next((_, response) => {
    response.writeHead(302, { location: "/blob", "x-linked-etag": `"${sha256(otherModel)}"` }).end();
  });
  const kit = await makeSupply(
    { sources: [["hf:some/model/file.gguf"]], sha256: sha256(model), bytes: model.length },
    { supplySettings: { hubEndpoint: server.url } },
  );
  expect(await failureOf(kit)).toMatchObject({ kind: "wrong-hash", actual: sha256(otherModel) });
});

test("takes the next source when the first one has nothing", async () => {
  server.next((_, response) => void response.writeHead(404).end());
  await expectModel(
    await makeSupply({
      sources: [[`${server.url}/a`], [`${server.url}/b`]],
      sha256: sha256(model),
      bytes: model.length,
    }),
  );
  expect(server.requests.map(({ path }) => path)).toEqual(["/a", "/b"]);
});

test("joins parts in order, and after a restart goes on in the part where it stopped", async () => {
  const half = 400_000;
  const pieces: Record<string, Buffer> = { "/1": model.subarray(0, half), "/2": model.subarray(half) };
  server.always((request, response) => {
    server.serve(pieces[request.url ?? ""]!, `"${request.url ?? ""}"`);
    server.answer(request, response);
  });
  const kit = await makeSupply({
    sources: [[`${server.url}/1`, `${server.url}/2`]],
    sha256: sha256(model),
    bytes: model.length,
  });
  const stop = new AbortController();
  const running = kit.supplier.fetch(kit.entry, {
    signal: stop.signal,
    onProgress: ({ receivedBytes }) => receivedBytes > half && stop.abort(),
  });
  await running;
  const part = `${kit.supplier.pathOf(kit.entry)}.part`;
  if (existsSync(part) && readFileSync(part).length > half + 1000) truncateSync(part, half + 1000);
  await expectModel(kit);
});

test("fetches nothing when offline, and names what is missing and where it belongs", async () => {
  const kit = await makeSupply(
    { sources: [[`${server.url}/m.gguf`]], sha256: sha256(model), bytes: model.length },
    { supplySettings: { isOffline: true } },
  );
  const failure = await failureOf(kit);
  expect(failure).toMatchObject({ kind: "offline" });
  const words = kit.supplier.explain(failure);
  for (const expected of [kit.supplier.pathOf(kit.entry), sha256(model), `${model.length} bytes`]) {
    expect(words).toContain(expected);
  }
  expect(server.requests).toEqual([]);
  // Copied there by hand, it is found.
  writeFileSync(kit.supplier.pathOf(kit.entry), model);
  expect(await kit.supplier.find(kit.entry)).toBe(kit.supplier.pathOf(kit.entry));
});

test("says no more than ten times a second how far it is", async () => {
  const kit = await makeSupply(
    { sources: [[`${server.url}/m.gguf`]], sha256: sha256(model), bytes: model.length },
    { clock: { ...briefPauses, nowMs: () => 0 }, downloads: systemDownloads },
  );
  const seen: SupplyProgress[] = [];
  await kit.supplier.fetch(kit.entry, { signal: noSignal, onProgress: (step) => seen.push(step) });
  // Time stands still here: the first step and the last are all that may be said.
  expect(seen).toEqual([
    { phase: "fetching", receivedBytes: expect.any(Number) as number, totalBytes: model.length },
    { phase: "fetching", receivedBytes: model.length, totalBytes: model.length },
  ]);
});
