// Which form a command line asks for, before any argument parser is loaded.
import { describe, expect, it } from "vitest";
import { chooseForm } from "../../server/cli/form.ts";

describe("a command line", () => {
  it.each([
    [[]],
    [["--stdio"]],
    [["--stdio", "--clientProcessId=4711"]],
    [["--clientProcessId", "4711", "--stdio"]],
    [["--lsp"]],
  ])("of an editor, %j, is the forwarder", (args) => {
    expect(chooseForm(args, false)).toEqual({ kind: "forwarder", isStandalone: false });
  });

  it("asks for the standalone form in any place", () => {
    expect(chooseForm(["--standalone"], true)).toEqual({ kind: "forwarder", isStandalone: true });
    expect(chooseForm(["--stdio", "--standalone"], false)).toEqual({ kind: "forwarder", isStandalone: true });
  });

  it("without a word on a terminal gets help, with --stdio a server", () => {
    expect(chooseForm([], true)).toEqual({ kind: "command", arguments: ["help"] });
    expect(chooseForm(["--stdio"], true)).toMatchObject({ kind: "forwarder" });
  });

  it("of a daemon carries what its starter wants", () => {
    expect(chooseForm(["daemon"], false)).toEqual({
      kind: "daemon",
      isPrivate: false,
      isLocked: false,
      hasModel: true,
      build: undefined,
    });
    expect(chooseForm(["daemon", "--locked", "--build=abc"], false)).toMatchObject({
      isLocked: true,
      build: "abc",
    });
    expect(chooseForm(["daemon", "--private", "--no-model"], false)).toMatchObject({
      isPrivate: true,
      hasModel: false,
    });
  });

  it("with something unknown goes to the parser, without what an editor always adds", () => {
    expect(chooseForm(["--stdio", "--bogus"], false)).toEqual({ kind: "command", arguments: ["--bogus"] });
    expect(chooseForm(["daemon", "--bogus"], false)).toEqual({
      kind: "command",
      arguments: ["daemon", "--bogus"],
    });
    expect(chooseForm(["status", "--json"], false)).toEqual({
      kind: "command",
      arguments: ["status", "--json"],
    });
  });
});
