// One setting is changed, and everything else of the user's file stays: comments, order, spelling.
import { expect, test } from "vitest";
import fc from "fast-check";
import { setInText } from "../../server/settings/index.ts";
import { parseRelaxedJson } from "../../server/settings/relaxed-json.ts";

function set(text: string, value: string | null = "new"): string {
  const changed = setInText(text, "model.id", value);
  if (!changed.ok) throw new Error(changed.failure);
  return changed.value;
}

test.each([
  ["an empty file", "", '{\n  "model": { "id": "new" }\n}\n'],
  ["an empty object", "{}", '{\n  "model": { "id": "new" }\n}'],
  ["a dotted key", '{ "model.id": "old" }', '{ "model.id": "new" }'],
  [
    "a nested key",
    '{"model": {"id": "old", "download": false}}',
    '{"model": {"id": "new", "download": false}}',
  ],
  ["a section without it", '{"model": {"download": false}}', '{"model": { "id": "new","download": false}}'],
  ["an empty section", '{"model": {}}', '{"model": { "id": "new" }}'],
  ["another section", '{\n  "offline": true\n}', '{\n  "model": { "id": "new" },\n  "offline": true\n}'],
  [
    "comments and a trailing comma",
    '// mine\n{\n  "completion": { "maxItems": 5, }, // "model": {\n  /* } */ "model": { "id": "old", },\n}\n',
    '// mine\n{\n  "completion": { "maxItems": 5, }, // "model": {\n  /* } */ "model": { "id": "new", },\n}\n',
  ],
  ["a key that is there twice", '{"model.id": "a", "model.id": "b"}', '{"model.id": "a", "model.id": "new"}'],
  [
    "texts with brackets and quotes",
    '{"log.level": "}\\"{", "model": {"id": 7}}',
    '{"log.level": "}\\"{", "model": {"id": "new"}}',
  ],
])("in %s", (_, before, after) => {
  expect(set(before)).toBe(after);
});

test("null takes a value back", () => {
  expect(set('{"model": {"id": "old"}}', null)).toBe('{"model": {"id": null}}');
});

test.each([
  ["{", "line 1"],
  ["[]", "must be an object"],
  ['"text"', "must be an object"],
])("refuses %j", (text, reason) => {
  const changed = setInText(text, "model.id", "new");
  expect(changed.ok ? "" : changed.failure).toContain(reason);
});

test("whatever object the file holds, the rest of it stays", () => {
  const objects = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 });
  const models = fc.option(fc.dictionary(fc.constantFrom("id", "path", "download"), fc.jsonValue()), {
    nil: undefined,
  });
  fc.assert(
    fc.property(objects, models, fc.nat(3), fc.string(), (others, model, indent, value) => {
      const file = { ...others, ...(model === undefined ? {} : { model }) };
      const text = JSON.stringify(file, null, indent);
      const changed = parseRelaxedJson(set(text, value));
      const kept =
        typeof file["model"] === "object" && file["model"] !== null && !Array.isArray(file["model"]);
      const section = kept ? (file["model"] as object) : {};
      const expected =
        "model.id" in file ? { ...file, "model.id": value } : { ...file, model: { ...section, id: value } };
      expect(changed).toEqual({ ok: true, value: JSON.parse(JSON.stringify(expected)) });
    }),
    { numRuns: 500 },
  );
});
