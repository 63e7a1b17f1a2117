// How each editor is told about hearth; the demo prints it and the README shows the same lines.

export const configurationLines: readonly string[] = [
  "Neovim 0.11+   vim.lsp.config('hearth', { cmd = { 'hearth' }, root_markers = { '.git' } })",
  "               vim.lsp.enable('hearth')",
  'Helix          [language-server.hearth]  command = "hearth"        (languages.toml)',
  '               [[language]]  name = "python"  language-servers = ["hearth", "pylsp"]',
  "Emacs eglot    (add-to-list 'eglot-server-programs '((python-mode js-mode go-mode) . (\"hearth\")))",
];
