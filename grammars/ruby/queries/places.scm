(comment) @comment

[
  (string)
  (heredoc_body)
  (regex)
  (subshell)
  (string_array)
  (symbol_array)
  (delimited_symbol)
  (character)
] @string
