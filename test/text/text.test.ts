// Text, line starts and edits against a reference implementation.
import fc from "fast-check";
import { TextDocument } from "vscode-languageserver-textdocument";
import { expect, test } from "vitest";
import { applyChanges, applyEdit, createText, offsetAt, positionAt } from "../../server/text/index.ts";

const pieces = fc.constantFrom("a", "Z", "\n", "\r\n", "\r", "é", "😀", "\u2028", " ", "\t", "{", "𝒳");
const content = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));

test("line starts after an edit equal the line starts of the edited text", () => {
  fc.assert(
    fc.property(content, content, fc.nat(60), fc.nat(60), (before, inserted, from, length) => {
      const start = Math.min(from, before.length);
      const end = Math.min(before.length, start + length);
      const edited = applyEdit(createText(before), { start, end, newText: inserted });
      expect(edited).toEqual(createText(before.slice(0, start) + inserted + before.slice(end)));
    }),
    { numRuns: 3000 },
  );
});

test("positions and offsets in utf-16 agree with vscode-languageserver-textdocument", () => {
  fc.assert(
    fc.property(content, fc.nat(12), fc.nat(12), (before, line, character) => {
      const text = createText(before);
      const reference = TextDocument.create("file:///a", "x", 1, before);
      const ours = offsetAt(text, { line, character }, "utf-16");
      const theirs = reference.offsetAt({ line, character });
      // Ours never splits a surrogate pair; theirs may.
      const splits =
        (before.charCodeAt(theirs) & 0xfc00) === 0xdc00 &&
        (before.charCodeAt(theirs - 1) & 0xfc00) === 0xd800;
      expect(ours).toBe(splits ? theirs - 1 : theirs);
      expect(positionAt(text, ours, "utf-16")).toEqual(reference.positionAt(ours));
    }),
    { numRuns: 3000 },
  );
});

test("every offset on a code point survives the way out and back in each encoding", () => {
  fc.assert(
    fc.property(content, fc.nat(60), fc.constantFrom("utf-8", "utf-16", "utf-32"), (before, at, encoding) => {
      const text = createText(before);
      const once = positionAt(text, Math.min(at, before.length), encoding);
      expect(positionAt(text, offsetAt(text, once, encoding), encoding)).toEqual(once);
    }),
    { numRuns: 3000 },
  );
});

test("keeps the old text when the range is reversed, and says so", () => {
  const before = createText("one\ntwo\n");
  const changed = applyChanges(
    before,
    [{ range: { start: { line: 1, character: 2 }, end: { line: 0, character: 1 } }, text: "x" }],
    "utf-16",
  );
  expect(changed.text).toBe(before);
  expect(changed.problems).toHaveLength(1);
});

test("an insertion past the line end lands at the line end", () => {
  const changed = applyChanges(
    createText("ab\ncd"),
    [{ range: { start: { line: 0, character: 900 }, end: { line: 0, character: 900 } }, text: "!" }],
    "utf-8",
  );
  expect(changed.text.content).toBe("ab!\ncd");
});
