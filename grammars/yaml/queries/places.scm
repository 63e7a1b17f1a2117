(comment) @comment

[
  (single_quote_scalar)
  (double_quote_scalar)
  (block_scalar)
] @string
