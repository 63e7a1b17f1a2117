// A file that is named by its type only: the hub's listing is asked, and what comes is checked like any other download.
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseFile } from "../../server/inference/supply/hub-search.ts";
import { startFileServer } from "./kit/file-server.ts";
import type { FileServer } from "./kit/file-server.ts";
import { makeModelOfSize } from "./kit/gguf.ts";
import { makeSupply } from "./kit/supply-kit.ts";
import type { SupplyKit } from "./kit/supply-kit.ts";

const model = makeModelOfSize(50_000);
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };
let server: FileServer;

beforeEach(async () => {
  server = await startFileServer();
  server.serve(model, '"one"');
});
afterEach(() => server.close());

const listing =
  (...paths: readonly string[]) =>
  (_: unknown, response: ServerResponse): void =>
    void response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify(paths.map((path) => ({ type: "file", path }))));

function makeHub(token?: string): Promise<SupplyKit> {
  return makeSupply(
    { sources: [["hf:maker/some-model-GGUF:Q4_K_M"]] },
    { supplySettings: { hubEndpoint: server.url, hubToken: token } },
  );
}

async function complaint(kit: SupplyKit): Promise<string> {
  const result = await kit.supplier.fetch(kit.entry, quiet);
  return result.ok ? "fetched" : kit.supplier.explain(result.failure);
}

test("fetches the file of the type, with the token", async () => {
  server.next(listing("README.md", "some-model.Q8_0.gguf", "some-model.Q4_K_M.gguf"));
  const kit = await makeHub("secret");
  const result = await kit.supplier.fetch(kit.entry, quiet);
  if (!result.ok) throw new Error(kit.supplier.explain(result.failure));
  expect(readFileSync(result.value).equals(model)).toBe(true);
  expect(server.requests.map(({ path }) => path)).toEqual([
    "/api/models/maker/some-model-GGUF/tree/main?recursive=true",
    "/maker/some-model-GGUF/resolve/main/some-model.Q4_K_M.gguf",
  ]);
  expect(server.requests.every(({ authorization }) => authorization === "Bearer secret")).toBe(true);
});

test("says what is there when the type is not, and what is wrong with the repository", async () => {
  server.next(listing("some-model.Q8_0.gguf"));
  expect(await complaint(await makeHub())).toContain("it holds some-model.Q8_0.gguf");
  server.next(listing());
  expect(await complaint(await makeHub())).toContain("it holds no GGUF file");
  server.next((_, response) => void response.writeHead(404).end());
  expect(await complaint(await makeHub())).toContain("no such repository");
  server.next((_, response) => void response.writeHead(401).end());
  expect(await complaint(await makeHub())).toContain("HF_TOKEN");
  server.next((_, response) => void response.writeHead(200).end('{"not": "a list"}'));
  expect(await complaint(await makeHub())).toContain("it holds no GGUF file");
  server.next((_, response) => void response.writeHead(200).end("<html>"));
  expect(await complaint(await makeHub())).toContain("it holds no GGUF file");
  server.next((_, response) => void response.destroy());
  expect(await complaint(await makeHub())).toContain("could not be asked for maker/some-model-GGUF");
});

test.each([
  ["a.Q4_K_M.gguf", ["a.Q8_0.gguf", "a.Q4_K_M.gguf"]],
  ["a-q4_k_m.gguf", ["a-q4_k_m.gguf", "a-q4_k_m-imat.gguf"]],
  ["Q4_K_M/a.gguf", ["Q4_K_M/a.gguf", "mmproj-Q4_K_M.gguf"]],
  [undefined, ["a-Q4_K_M-00001-of-00002.gguf", "a.Q4_K_M.bin", "aQ4_K_Mx.gguf", "../Q4_K_M.gguf"]],
])("chooses %s", (expected, paths) => {
  expect(chooseFile(paths, "Q4_K_M")).toBe(expected);
});
