// URIs as editors spell them.
import { describe, expect, it } from "vitest";
import { displayPathOf, filePathOf, uriKey } from "../../server/workspace/index.ts";

describe("the key of a document", () => {
  it.each([
    ["file:///c:/work/a.py", "file:///C%3A/work/a.py"],
    ["file:///work/a%20b.py", "file:///work/a b.py"],
    ["FILE:///work/a.py", "file:///work/a.py"],
    ["file:///work/%C3%A9.py", "file:///work/é.py"],
    ["file:///work/%e4%bd.py", "file:///work/%E4%BD.py"],
  ])("is one for %s and %s", (a, b) => {
    expect(uriKey(a)).toBe(uriKey(b));
  });

  it.each([
    ["file:///work/a.py", "file:///work/A.py"],
    ["file:///work/a%23b", "file:///work/a#b"],
    ["untitled:Untitled-1", "untitled:Untitled-2"],
    ['git:/work/a.py?{"ref":"HEAD"}', 'git:/work/a.py?{"ref":"~"}'],
    ["vscode-notebook-cell:/n.ipynb#W0", "vscode-notebook-cell:/n.ipynb#W1"],
    ["file:///work/a.py", "git:///work/a.py"],
  ])("keeps %s and %s apart", (a, b) => {
    expect(uriKey(a)).not.toBe(uriKey(b));
  });

  it.each(["", "no uri at all", "%", "file:///%zz", ":::", "untitled:", "//x"])(
    "is made of %j too",
    (uri) => {
      expect(uriKey(uri)).toBe(uriKey(uri));
      expect(typeof displayPathOf(uri, [])).toBe("string");
    },
  );
});

describe("the file path", () => {
  it.each([
    ["file:///work/a%20b.py", "/work/a b.py"],
    ["file:///C%3A/work/a.py", "c:/work/a.py"],
    ["file://server/share/a.py", "//server/share/a.py"],
    ["file://localhost/work/a.py", "/work/a.py"],
    ["untitled:Untitled-1", undefined],
    ["git:/work/a.py", undefined],
  ])("of %s is %s", (uri, path) => {
    expect(filePathOf(uri)).toBe(path);
  });
});

describe("the display path", () => {
  const one = [{ uri: "file:///work/app", name: "app" }];
  const two = [...one, { uri: "file:///work/app/lib/", name: "lib" }];

  it.each([
    ["file:///work/app/src/a.py", one, "src/a.py"],
    ["file:///work/app/src/a.py", two, "app/src/a.py"],
    ["file:///work/app/lib/a.py", two, "lib/a.py"],
    ["file:///work/apple/a.py", one, "a.py"],
    ["file:///home/someone/a.py", [], "a.py"],
    ["untitled:Untitled-1", one, "Untitled-1"],
    ["file:///c%3A/work/a.py", [{ uri: "file:///C:/work", name: "work" }], "a.py"],
  ])("of %s in %j is %s", (uri, folders, path) => {
    expect(displayPathOf(uri, folders)).toBe(path);
  });
});
