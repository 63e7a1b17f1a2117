; Line breaks and a last comma in an inline table (TOML 1.1).
((inline_table) @tolerated
  (#match? @tolerated "[\\n]|,\\s*[}]$"))
