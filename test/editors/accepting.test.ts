// Neovim's built-in menu and Emacs' eglot accept a line, a block and the rest of a word: asserted on the text of the buffer.
import { afterEach, expect, test } from "vitest";
import { until } from "../kit/waiting.ts";
import { startEmacs } from "./eglot-driver.ts";
import type { Emacs } from "./eglot-driver.ts";
import { hasEglot, hasNeovim, withEditor } from "./installed.ts";
import { startNeovim } from "./neovim-driver.ts";
import type { Neovim } from "./neovim-driver.ts";
import { createProject } from "./project.ts";
import type { Project } from "./project.ts";
import { serveSuggestions } from "./scripted-server.ts";
import type { ScriptedServer } from "./scripted-server.ts";

const HEAD = "class Shop:\n    def pay(self, amount):";
const CODE = `${HEAD}\n        `;
const LINE = "self.cash = max(self.cash - amount, 0)  # ${costs}";
const BLOCK =
  'self.check(amount)\n        if amount > self.limit:\n            raise ValueError(f"{amount} > ${self.limit}\\n")\n        return amount';
const BODY = "\n        if amount > 0:\n            return amount";
const usual = [LINE, BLOCK, "selfish"];

interface Accepted {
  readonly what: string;
  /** The text that the cursor stands behind, without `typed`. */
  readonly code?: string;
  readonly suggested?: readonly string[];
  readonly typed: string;
  /** Text right of the cursor, which must stay. */
  readonly right: string;
  /** The entry by its place in the menu, counted from 0: the line, the block, the block's first line, the word. */
  readonly entry: number;
  readonly result: string;
  readonly kind: "line" | "block";
}

const cases: readonly Accepted[] = [
  { what: "a line with spaces", typed: "", right: "", entry: 0, result: LINE, kind: "line" },
  { what: "the rest of a line in mid-word", typed: "sel", right: "", entry: 0, result: LINE, kind: "line" },
  { what: "a block", typed: "", right: "", entry: 1, result: BLOCK, kind: "block" },
  { what: "a block in mid-word", typed: "se", right: "", entry: 1, result: BLOCK, kind: "block" },
  {
    what: "a block's first line",
    typed: "se",
    right: "",
    entry: 2,
    result: "self.check(amount)",
    kind: "line",
  },
  {
    what: "a body below its head",
    code: HEAD,
    suggested: [BODY],
    typed: "",
    right: "",
    entry: 0,
    result: BODY,
    kind: "block",
  },
  { what: "a word before a bracket", typed: "selfi", right: ")", entry: 0, result: "selfish", kind: "line" },
];
const table = cases.map((entry) => [entry.what, entry] as const);

let server: ScriptedServer | undefined;
let project: Project | undefined;
let neovim: Neovim | undefined;
let emacs: Emacs | undefined;

afterEach(async () => {
  await neovim?.quit();
  await emacs?.quit();
  await server?.stop();
  project?.dispose();
  neovim = undefined;
  emacs = undefined;
});

function expectCounted({ kind }: Accepted): void {
  const row = server!.counts().find((entry) => entry.kind === kind);
  expect(row).toMatchObject({ accepted: 1, judged: 1, kept: 1, model: "scripted", language: "python" });
}

withEditor("Neovim's built-in menu", hasNeovim, () => {
  const SET_UP = `
  local port = ...
  vim.o.completeopt = "menuone,noselect"
  vim.lsp.config("hearth", { cmd = vim.lsp.rpc.connect("127.0.0.1", tonumber(port)), filetypes = { "python" }, root_markers = { "app.py" } })
  vim.lsp.enable("hearth")
  vim.api.nvim_create_autocmd("LspAttach", { callback = function(event)
    vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })
  end })
  `;

  test.each(table)("accepts %s", async (_what, accepted) => {
    const { code = CODE, suggested = usual, typed, right, entry, result } = accepted;
    server = await serveSuggestions(suggested);
    project = createProject({ "app.py": `${code}${typed}${right}\n` });
    neovim = await startNeovim(process.env, project.folder);
    const editor = neovim;
    await editor.lua(SET_UP, [String(server.port)]);
    await editor.rpc.command(`edit ${project.path("app.py")}`);
    await editor.untilLua(
      "hearth is ready",
      "(vim.lsp.get_clients({ bufnr = 0 })[1] or {}).initialized or nil",
    );
    const [row, column] = [code.split("\n").length, (code + typed).split("\n").at(-1)!.length];
    await editor.lua(`vim.api.nvim_win_set_cursor(0, { ${row}, ${column - 1} })`);
    await editor.keys(right === "" ? "A" : "a");
    await editor.keys("<C-x><C-o>");
    await editor.untilLua("the menu is open", "vim.fn.pumvisible() == 1");
    await editor.keys(`${"<C-n>".repeat(entry + 1)}<C-y>`);
    const wanted = `${code}${result}${right}`;
    await until("the text is accepted", async () =>
      (await editor.text()) === wanted ? true : undefined,
    ).catch(async () => expect(await editor.text()).toBe(wanted));
    // What is typed next goes behind it.
    await editor.keys("# x<Esc>");
    await until("the text goes on", async () =>
      (await editor.text()) === `${code}${result}# x${right}` ? true : undefined,
    );
    expectCounted(accepted);
  });
});

withEditor("Emacs with eglot", hasEglot, () => {
  test.each(table)("accepts %s", async (_what, accepted) => {
    const { code = CODE, suggested = usual, typed, right, entry, result } = accepted;
    server = await serveSuggestions(suggested);
    project = createProject({ "app.py": `${code}${typed}${right}\n` });
    emacs = await startEmacs(process.env, project.folder);
    const editor = emacs;
    await editor.call("driver-connect", project.path("app.py"), String(server.port));
    await until("eglot manages the buffer", () => editor.call("driver-is-managed"));
    await editor.call("driver-accept", String(code.length + typed.length), String(entry));
    expect(await editor.call("driver-text")).toBe(`${code}${result}${right}\n`);
    await until("the server has the text", async () => {
      await editor.call("driver-outline");
      return server!.counts().some((row) => row.accepted > 0) || undefined;
    });
    expectCounted(accepted);
  });
});
