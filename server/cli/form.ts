// Which of hearth's forms a command line asks for. Decided without the argument parser, which an editor should not have to load.
import type { DaemonOptions } from "../daemon/index.ts";

export type Form =
  | { readonly kind: "forwarder"; readonly isStandalone: boolean }
  | ({ readonly kind: "daemon" } & DaemonOptions)
  | { readonly kind: "command"; readonly arguments: readonly string[] };

/** What editors add by habit; standard streams are the only transport, so all of it is taken and changes nothing. */
const EDITOR_ARGUMENTS = [/^--stdio$/, /^--clientProcessId(=|$)/, /^--lsp$/];
const DAEMON_ARGUMENTS = [/^--private$/, /^--locked$/, /^--no-model$/, /^--build=/];

export function chooseForm(args: readonly string[], isTerminal: boolean): Form {
  if (args[0] === "daemon" && args.slice(1).every((arg) => matches(arg, DAEMON_ARGUMENTS))) {
    return {
      kind: "daemon",
      isPrivate: args.includes("--private"),
      isLocked: args.includes("--locked"),
      hasModel: !args.includes("--no-model"),
      build: args.find((arg) => arg.startsWith("--build="))?.slice("--build=".length),
    };
  }
  // A person who types `hearth` gets help, an editor gets a server.
  if (args.length === 0 && isTerminal) return { kind: "command", arguments: ["help"] };
  const rest = args.filter((arg) => arg !== "--standalone");
  const isForEditor = rest.every((arg, at) => matches(arg, EDITOR_ARGUMENTS) || isValueOfClientId(rest, at));
  if (!isForEditor) {
    // What is left is not understood, or is a command: the parser says so, and should not blame what an editor always adds.
    const own = rest.filter((arg, at) => !matches(arg, EDITOR_ARGUMENTS) && !isValueOfClientId(rest, at));
    return { kind: "command", arguments: own };
  }
  return { kind: "forwarder", isStandalone: rest.length < args.length };
}

function isValueOfClientId(args: readonly string[], at: number): boolean {
  return args[at - 1] === "--clientProcessId" && /^\d+$/.test(args[at] ?? "");
}

function matches(arg: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(arg));
}
