// What a client can do, read once from its capabilities into plain data. Anything odd in them counts as "cannot".
import type { PositionEncoding } from "../text/index.ts";
import { viewCapabilities } from "./client-capabilities.ts";
import { AS_IS, INSERT_TEXT_MODES, readHabits } from "./client-habits.ts";
import type { CompletionHabits } from "./client-habits.ts";

export interface ClientProfile {
  readonly name: string;
  readonly positionEncoding: PositionEncoding;
  readonly completion: CompletionHabits & {
    readonly insertReplace: boolean;
    readonly labelDetails: boolean;
    readonly kinds: ReadonlySet<number>;
    /** The client can be told to leave the indentation of a text alone. */
    readonly takesAsIs: boolean;
    /** How a preview may be written. */
    readonly documentation: "markdown" | "plaintext" | "string";
  };
  readonly inlineCompletion: boolean;
  /** Pull and push are never both used: pull where the client can, push elsewhere. */
  readonly pullDiagnostics: boolean;
  readonly publishesVersions: boolean;
  readonly symbols: { readonly hierarchical: boolean; readonly kinds: ReadonlySet<number> };
  readonly folding: {
    readonly lineOnly: boolean;
    readonly rangeLimit: number | undefined;
  };
  /** Undefined: the client knows commands only, no literals. */
  readonly codeActionLiterals: { readonly isPreferred: boolean } | undefined;
  readonly documentChanges: boolean;
  readonly configuration: boolean;
  readonly registersConfiguration: boolean;
  readonly workspaceFolders: boolean;
  readonly workDoneProgress: boolean;
  readonly refreshesDiagnostics: boolean;
}

export function readClientProfile(name: string, capabilities: unknown): ClientProfile {
  const view = viewCapabilities(capabilities);
  const { at, isOn, isThere } = view;
  const formats = view.strings("textDocument.completion.completionItem.documentationFormat");
  return {
    name,
    positionEncoding: chooseEncoding(at("general.positionEncodings")),
    completion: {
      ...readHabits(name, view),
      insertReplace: isOn("textDocument.completion.completionItem.insertReplaceSupport"),
      labelDetails: isOn("textDocument.completion.completionItem.labelDetailsSupport"),
      kinds: numbersIn(at("textDocument.completion.completionItemKind.valueSet"), DEFAULT_KINDS),
      takesAsIs: view.numbers(INSERT_TEXT_MODES).includes(AS_IS),
      documentation: documentationIn(formats),
    },
    inlineCompletion: isThere("textDocument.inlineCompletion"),
    pullDiagnostics: isThere("textDocument.diagnostic"),
    publishesVersions: isOn("textDocument.publishDiagnostics.versionSupport"),
    symbols: {
      hierarchical: isOn("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"),
      kinds: numbersIn(at("textDocument.documentSymbol.symbolKind.valueSet"), DEFAULT_KINDS),
    },
    folding: {
      lineOnly: isOn("textDocument.foldingRange.lineFoldingOnly"),
      rangeLimit: countOf(at("textDocument.foldingRange.rangeLimit")),
    },
    codeActionLiterals: isThere("textDocument.codeAction.codeActionLiteralSupport")
      ? { isPreferred: isOn("textDocument.codeAction.isPreferredSupport") }
      : undefined,
    documentChanges: isOn("workspace.workspaceEdit.documentChanges"),
    configuration: isOn("workspace.configuration"),
    registersConfiguration: isOn("workspace.didChangeConfiguration.dynamicRegistration"),
    workspaceFolders: isOn("workspace.workspaceFolders"),
    workDoneProgress: isOn("window.workDoneProgress"),
    refreshesDiagnostics: isOn("workspace.diagnostics.refreshSupport"),
  };
}

/** Completion and symbol kinds that every client knows: those of the first protocol version (text to reference, file to array). */
const DEFAULT_KINDS: ReadonlySet<number> = new Set(Array.from({ length: 18 }, (_, index) => index + 1));

/** utf-16 costs nothing, since strings are UTF-16 inside; it is also what silence means. */
function chooseEncoding(offered: unknown): PositionEncoding {
  if (!Array.isArray(offered) || offered.includes("utf-16")) return "utf-16";
  if (offered.includes("utf-8")) return "utf-8";
  return offered.includes("utf-32") ? "utf-32" : "utf-16";
}

function numbersIn(raw: unknown, otherwise: ReadonlySet<number>): ReadonlySet<number> {
  if (!Array.isArray(raw)) return otherwise;
  return new Set(raw.filter((value): value is number => typeof value === "number"));
}

function countOf(raw: unknown): number | undefined {
  return typeof raw === "number" && raw >= 0 ? Math.floor(raw) : undefined;
}

function documentationIn(formats: readonly string[]): ClientProfile["completion"]["documentation"] {
  if (formats.includes("markdown")) return "markdown";
  return formats.includes("plaintext") ? "plaintext" : "string";
}
