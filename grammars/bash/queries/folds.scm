[
  (function_definition)
  (compound_statement)
  (if_statement)
  (elif_clause)
  (else_clause)
  (do_group)
  (case_statement)
  (case_item)
  (subshell)
  (array)
  (heredoc_body)
  (string)
] @fold

(comment) @fold.comment
