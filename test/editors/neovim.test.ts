// Neovim 0.11 as its users run it: its own LSP client, its own completion; asserted on the text of the buffer.
import { afterEach, expect, test } from "vitest";
import { FIXTURE_BLOCK, FIXTURE_LINE, writeSuggestionModel } from "../kit/fixture-suggestions.ts";
import { createHearthHome, mainFile } from "../kit/hearth-home.ts";
import type { HearthHome } from "../kit/hearth-home.ts";
import { until } from "../kit/waiting.ts";
import { hasNeovim, withEditor } from "./installed.ts";
import { startNeovim } from "./neovim-driver.ts";
import type { Neovim } from "./neovim-driver.ts";
import { createProject } from "./project.ts";
import type { Project } from "./project.ts";

const SET_UP = `
local node, main, home = ...
vim.o.completeopt = "menuone,noselect"
vim.lsp.config("hearth", { cmd = { node, main }, cmd_env = { HEARTH_HOME = home }, filetypes = { "python" }, root_markers = { "app.py" } })
vim.lsp.enable("hearth")
vim.api.nvim_create_autocmd("LspAttach", { callback = function(event)
  vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })
end })
`;
const NAMES = `(function()
  local answers = vim.lsp.buf_request_sync(0, "textDocument/documentSymbol", { textDocument = vim.lsp.util.make_text_document_params() }, 5000) or {}
  for _, answer in pairs(answers) do
    if answer.result then return table.concat(vim.tbl_map(function(symbol) return symbol.name end, answer.result), " ") end
  end
end)()`;

withEditor("Neovim", hasNeovim, () => {
  let home: HearthHome | undefined;
  let project: Project | undefined;
  let neovim: Neovim | undefined;

  afterEach(async () => {
    await neovim?.quit();
    await home?.destroy();
    project?.dispose();
  });

  async function open(content: string, model = "none"): Promise<Neovim> {
    home = createHearthHome();
    project = createProject({ "app.py": content });
    neovim = await startNeovim({ ...process.env, HEARTH_MODEL_ID: model }, project.folder);
    await neovim.lua(SET_UP, [process.execPath, mainFile, home.folder]);
    await neovim.rpc.command(`edit ${project.path("app.py")}`);
    await neovim.untilLua("hearth is attached", `#vim.lsp.get_clients({ bufnr = 0, name = "hearth" })`);
    await neovim.untilLua("hearth is ready", "vim.lsp.get_clients({ bufnr = 0 })[1].initialized or nil");
    return neovim;
  }

  test("types, accepts a completion, sees a finding and applies its action", async () => {
    const editor = await open("def total(items):\n    return sum(items)\n");
    await editor.keys("Go<CR>def mean(items):<CR>return tot");
    await editor.untilLua("the text is typed", `vim.api.nvim_get_current_line():find("return tot$") ~= nil`);
    await editor.keys("<C-x><C-o>");
    await editor.untilLua("the menu is open", "vim.fn.pumvisible() == 1");
    await editor.keys("<C-n><C-y>");
    await editor.untilLua(
      "the item is accepted",
      `vim.api.nvim_get_current_line():find("return total$") ~= nil`,
    );

    await editor.keys("(items)<CR><Esc>ccdef last(:<CR><C-u>    pass<Esc>");
    const found = await editor.untilLua(
      "a finding is shown",
      "vim.diagnostic.get(0)[1] and vim.diagnostic.get(0)[1].message",
    );
    expect(found).toContain("`)`");
    await editor.keys("k0f(");
    await editor.lua(
      "vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.kind == 'quickfix' end })",
    );
    await editor.untilLua(
      "the action is applied",
      `vim.api.nvim_get_current_line():find("last():", 1, true) ~= nil`,
    );
    await editor.untilLua("the finding is gone", "#vim.diagnostic.get(0) == 0");
    expect(await editor.text()).toBe(
      "def total(items):\n    return sum(items)\n\ndef mean(items):\n    return total(items)\ndef last():\n    pass",
    );
  });

  test("accepts the model's line in mid-word, and its block", async () => {
    const model = writeSuggestionModel();
    const editor = await open("def f(x):\n    return x\n", model.url);
    const labels = `table.concat(vim.tbl_map(function(item) return item.abbr .. "|" .. item.menu end, vim.fn.complete_info({"items"}).items), " ")`;
    const isAsking = `next(vim.lsp.get_clients({ name = "hearth" })[1].requests) ~= nil`;
    // An answer that is still to come would open the menu anew and take the choice back.
    const untilOffered = (text: string): Promise<unknown> =>
      until(`the menu has ${text}`, async () => {
        if (await editor.lua(`return ${isAsking}`)) return undefined;
        if (String(await editor.lua(`return ${labels}`)).includes(text)) return true;
        await editor.keys("<C-x><C-o>");
        return undefined;
      });
    await editor.keys("Go<CR>result = f(calc");
    await untilOffered(FIXTURE_LINE);
    await editor.keys("<C-n><C-y>");
    await editor.untilLua(
      "the line is accepted",
      `vim.api.nvim_get_current_line() == "result = f(${FIXTURE_LINE}"`,
    );
    await editor.keys("<CR><CR>def mean(items):");
    await untilOffered("model, 2 lines");
    await editor.keys("<C-n><C-y>");
    const wanted = `def f(x):\n    return x\n\nresult = f(${FIXTURE_LINE}\n\ndef mean(items):${FIXTURE_BLOCK}`;
    await until("the block is accepted", async () => ((await editor.text()) === wanted ? true : undefined));
    await editor.keys("<Esc>");
    await until("both are counted", async () => {
      const rows = (await home?.status())?.acceptance ?? [];
      const accepted = rows.filter((row) => row.accepted === 1).map((row) => row.kind);
      return accepted.includes("line") && accepted.includes("block") ? true : undefined;
    });
    model.dispose();
  });

  test("goes on with its unsaved text when the daemon is killed", async () => {
    const editor = await open("def total(items):\n    return sum(items)\n");
    await editor.untilLua("the outline is there", `(${NAMES}) == "total"`);
    await editor.keys("Go<CR>def unsaved():<CR>pass<Esc>");
    await editor.untilLua("the unsaved name is known", `(${NAMES}) == "total unsaved"`);

    const { pid } = await home!.daemon();
    process.kill(pid, "SIGKILL");
    await editor.keys("o<CR>def after():<CR>return unsa");
    await editor.untilLua("the text is typed", `vim.api.nvim_get_current_line():find("return unsa$") ~= nil`);
    await until("a menu opens again", async () => {
      await editor.keys("<C-x><C-o>");
      return (await editor.lua("return vim.fn.pumvisible() == 1")) === true ? true : undefined;
    });
    await editor.keys("<C-n><C-y><Esc>");
    await editor.untilLua(
      "the name from before is completed",
      `vim.api.nvim_get_current_line():find("return unsaved$") ~= nil`,
    );
    await editor.untilLua("the outline is whole", `(${NAMES}) == "total unsaved after"`);
    expect((await home!.daemon()).pid).not.toBe(pid);
    expect(await editor.lua(`return #vim.lsp.get_clients({ name = "hearth" })`)).toBe(1);
  });
});
