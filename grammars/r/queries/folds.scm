[
  (function_definition)
  (braced_expression)
  (arguments)
  (parameters)
  (parenthesized_expression)
  (string)
] @fold

(comment) @fold.comment
