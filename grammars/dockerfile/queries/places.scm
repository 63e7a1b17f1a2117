(comment) @comment

[
  (double_quoted_string)
  (single_quoted_string)
  (json_string)
  (heredoc_block)
] @string
