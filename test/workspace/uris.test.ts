// URIs as editors spell them.
import { describe, expect, it } from "vitest";
import { displayPathOf, filePathOf, uriKey } from "../../server/workspace/index.ts";

describe("the key of a document", () => {
  it.each([
    ["file:///c:/project/a.py", "file:///C%3A/project/a.py"],
    ["file:///project/a%20b.py", "file:///project/a b.py"],
    ["FILE:///project/a.py", "file:///project/a.py"],
    ["file:///project/%C3%A9.py", "file:///project/é.py"],
    ["file:///project/%e4%bd.py", "file:///project/%E4%BD.py"],
  ])("is one for %s and %s", (a, b) => {
    expect(uriKey(a)).toBe(uriKey(b));
  });

  it.each([
    ["file:///project/a.py", "file:///project/A.py"],
    ["file:///project/a%23b", "file:///project/a#b"],
    ["untitled:Untitled-1", "untitled:Untitled-2"],
    ['git:/project/a.py?{"ref":"HEAD"}', 'git:/project/a.py?{"ref":"~"}'],
    ["vscode-notebook-cell:/n.ipynb#W0", "vscode-notebook-cell:/n.ipynb#W1"],
    ["file:///project/a.py", "git:///project/a.py"],
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
    ["file:///project/a%20b.py", "/project/a b.py"],
    ["file:///C%3A/project/a.py", "c:/project/a.py"],
    ["file://server/share/a.py", "//server/share/a.py"],
    ["file://localhost/project/a.py", "/project/a.py"],
    ["untitled:Untitled-1", undefined],
    ["git:/project/a.py", undefined],
  ])("of %s is %s", (uri, path) => {
    expect(filePathOf(uri)).toBe(path);
  });
});

describe("the display path", () => {
  const one = [{ uri: "file:///project/app", name: "app" }];
  const two = [...one, { uri: "file:///project/app/lib/", name: "lib" }];

  it.each([
    ["file:///project/app/src/a.py", one, "src/a.py"],
    ["file:///project/app/src/a.py", two, "app/src/a.py"],
    ["file:///project/app/lib/a.py", two, "lib/a.py"],
    ["file:///project/apple/a.py", one, "a.py"],
    ["file:///home/someone/a.py", [], "a.py"],
    ["untitled:Untitled-1", one, "Untitled-1"],
    ["file:///c%3A/project/a.py", [{ uri: "file:///C:/work", name: "work" }], "a.py"],
  ])("of %s in %j is %s", (uri, folders, path) => {
    expect(displayPathOf(uri, folders)).toBe(path);
  });
});
