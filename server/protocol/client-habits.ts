// How known clients treat completion items where their capabilities do not tell: one row each, read top down, the first that fits.
import type { ClientCapabilitiesView } from "./client-capabilities.ts";

export interface CompletionHabits {
  /** How a text of several lines reaches the buffer as it was meant; `none`: only its first line does. */
  readonly manyLines: "plain" | "snippet" | "none";
  /** How a text with a space in it reaches the buffer whole. */
  readonly spaces: "plain" | "snippet";
  /** The buffer's lines hold no line breaks: a text of several goes with LF, whatever the document has. */
  readonly breaksWithLf: boolean;
  /** Of two ranges it takes the one that its user chose, the insert range unless told otherwise. */
  readonly replacesWords: boolean;
  /** A block's label ends in an ellipsis, which tells it from its first line; not where labels end up in the buffer. */
  readonly marksBlocks: boolean;
  /** An item's command is run after the item was accepted. */
  readonly runsCommands: boolean;
  /** A plain string is rendered as markdown, although no format is declared. */
  readonly rendersStrings: boolean;
  /** A list that is not incomplete is kept for the rest of the word and never asked for again. */
  readonly keepsLists: boolean;
  /** With its menu open the client neither tells of changes nor asks for ghost text, unless the list is incomplete. */
  readonly isSilentInMenu: boolean;
  /** The first list that is incomplete ends the wait for the user's other servers, an empty one too: what they answer later is not shown. */
  readonly stopsAtIncomplete: boolean;
  /** Blanks that ghost text begins with count as indentation, which the client rewrites or loses. */
  readonly indentsGhostText: boolean;
}

interface HabitRow {
  /** Who it is, and where the habits were seen. */
  readonly about: string;
  /** `clientInfo.name`, whole. */
  readonly name: RegExp;
  readonly when?: (client: ClientCapabilitiesView) => boolean;
  readonly habits: Partial<CompletionHabits>;
}

const rows: readonly HabitRow[] = [
  {
    about:
      "blink.cmp (1.8.0) and nvim-cmp (March 2026, with cmp-nvim-lsp): they declare insert text modes, which Neovim itself does not, apply edits of several lines as they are, and order entries by a score of their own. A CR in a text shows in their ghost text, and nvim-cmp types it as Enter when the entry is selected.",
    name: /^Neovim$/i,
    when: (client) => client.numbers(INSERT_TEXT_MODES).includes(AS_IS),
    habits: { breaksWithLf: true, replacesWords: true },
  },
  {
    about:
      "Neovim's built-in menu (vim.lsp.completion, 0.11.4): of a plain edit it inserts what stands before the first space (0.12: before the first line break); a snippet is inserted whole and indented like the current line. The label is inserted while an entry is selected.",
    name: /^Neovim$/i,
    habits: { manyLines: "snippet", spaces: "snippet", breaksWithLf: true, marksBlocks: false },
  },
  {
    about:
      "Helix (25.07.1, run with two servers): applies edits of several lines as they are, in the coordinates of the request; runs no commands; declares no documentation format and renders every string as markdown. It waits for others behind an empty list only where that one is complete.",
    name: /^helix$/i,
    habits: { runsCommands: false, rendersStrings: true, stopsAtIncomplete: true },
  },
  {
    about:
      "Emacs eglot (1.9 to 1.24): candidates are told apart by their label; the edit is inserted as it is; no commands. From 1.15 on a list is kept while it is not incomplete.",
    name: /^Eglot$/i,
    habits: { runsCommands: false, keepsLists: true },
  },
  {
    about:
      "Vim with yegappan/lsp: the text goes through Vim's own completion, where a line break becomes a NUL.",
    name: /^Vim$/i,
    habits: { manyLines: "none", marksBlocks: false },
  },
  {
    about:
      "coc.nvim (0.0.82): runs an item's command. A plain edit of several lines leaves the cursor at the end of its first; a snippet's lines are rewritten unless they are to stay as they are. While its menu is open it sends no change, and its ghost text follows the changes that it sends: they come only where it asks for the list again. Where its buffer is indented with tabs, a blank at the beginning of ghost text is lost.",
    name: /^coc\.nvim$/i,
    habits: { manyLines: "snippet", runsCommands: true, isSilentInMenu: true, indentsGhostText: true },
  },
  {
    about: "Visual Studio Code with its relatives runs an item's command, resolved or not.",
    name: /^(Visual Studio Code.*|Code - OSS|VSCodium|Cursor|Windsurf)$/i,
    habits: { runsCommands: true },
  },
];

/** InsertTextMode.asIs. */
export const AS_IS = 1;
export const INSERT_TEXT_MODES = "textDocument.completion.completionItem.insertTextModeSupport.valueSet";
const RESOLVED = "textDocument.completion.completionItem.resolveSupport.properties";

/** Snippets are the habit only of clients that can take them; for the others several lines do not work. */
export function readHabits(name: string, client: ClientCapabilitiesView): CompletionHabits {
  const row = rows.find((entry) => entry.name.test(name) && (entry.when?.(client) ?? true));
  const habits: CompletionHabits = {
    manyLines: "plain",
    spaces: "plain",
    breaksWithLf: false,
    replacesWords: false,
    marksBlocks: true,
    // Who can be given the command late will run it.
    runsCommands: client.strings(RESOLVED).includes("command"),
    rendersStrings: false,
    keepsLists: false,
    isSilentInMenu: false,
    stopsAtIncomplete: false,
    indentsGhostText: false,
    ...row?.habits,
  };
  if (client.isOn("textDocument.completion.completionItem.snippetSupport")) return habits;
  return {
    ...habits,
    manyLines: habits.manyLines === "snippet" ? "none" : habits.manyLines,
    spaces: "plain",
  };
}
