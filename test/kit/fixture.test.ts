// The marker helper itself: what test authors may rely on.
import { describe, expect, it } from "vitest";
import { at, parseFixture, parseFixtureFiles, withCursor } from "./fixture.ts";

describe("a fixture", () => {
  it("of one line is a file named /main with its cursor", () => {
    expect(at("pri$0nt")).toEqual({ path: "/main", content: "print", cursor: 3, selection: undefined });
  });

  it("with two markers has a selection, and the cursor at its end", () => {
    expect(at("a = $01 + 2$0;")).toMatchObject({
      content: "a = 1 + 2;",
      cursor: 9,
      selection: { start: 4, end: 9 },
    });
  });

  it("is cut into files at the headers and loses the indentation that its lines share", () => {
    const { files, marked } = parseFixture(`
      //- /a.py
      def a():
          pass
      //- /sub/b.py
      a$0()
    `);
    expect(files.map(({ path, content }) => [path, content])).toEqual([
      ["/a.py", "def a():\n    pass\n"],
      ["/sub/b.py", "a()\n"],
    ]);
    expect(marked).toMatchObject({ path: "/sub/b.py", cursor: 1 });
  });

  it("keeps a written `\\$0`, CRLF and a text without a line break at its end", () => {
    expect(at("echo \\$0 $0").content).toBe("echo $0 ");
    expect(parseFixtureFiles("//- /a\nx\r\ny")).toMatchObject([{ path: "/a", content: "x\r\ny" }]);
  });

  it("without a cursor, with cursors in two files or with three markers is refused", () => {
    expect(() => parseFixture("x")).toThrow("exactly one file");
    expect(() => parseFixture("//- /a\n$0\n//- /b\n$0\n")).toThrow("exactly one file");
    expect(() => at("$0a$0b$0")).toThrow("at most two");
  });

  it("shows a cursor in a text", () => {
    expect(withCursor("ab", 1)).toBe("a$0b");
  });
});
