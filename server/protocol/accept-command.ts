// The command by which a client says that a suggestion was accepted. It changes nothing: hearth counts, here and only here.
import { isRecord } from "../kernel/index.ts";
import type { Command } from "vscode-languageserver";
import type { ClientProfile } from "./client-profile.ts";
import type { DocumentParams } from "./params.ts";
import { refuse } from "./parse.ts";
import type { Parser } from "./parse.ts";

export const ACCEPT_COMMAND = "hearth.acceptSuggestion";

/** Only these clients are told of the command, so that no other can be asked to run it. */
export function runsAcceptCommand(client: ClientProfile): boolean {
  return client.completion.runsCommands || client.inlineCompletion;
}

export function acceptCommand(uri: string, suggestion: number): Command {
  return { title: "Count as accepted", command: ACCEPT_COMMAND, arguments: [uri, suggestion] };
}

export interface AcceptParams extends DocumentParams {
  readonly suggestion: number;
}

/** The params of `workspace/executeCommand`, for the one command that there is. */
export const acceptParams: Parser<AcceptParams> = (raw, place) => {
  if (!isRecord(raw) || raw["command"] !== ACCEPT_COMMAND) throw refuse(`${place}.command`, ACCEPT_COMMAND);
  const given: readonly unknown[] = Array.isArray(raw["arguments"]) ? raw["arguments"] : [];
  const [uri, suggestion] = given;
  if (typeof uri !== "string" || typeof suggestion !== "number")
    throw refuse(`${place}.arguments`, "the arguments that came with the suggestion");
  return { textDocument: { uri }, suggestion };
};
