[
  (module_definition)
  (function_definition)
  (macro_definition)
  (struct_definition)
  (if_statement)
  (elseif_clause)
  (else_clause)
  (for_statement)
  (while_statement)
  (try_statement)
  (catch_clause)
  (finally_clause)
  (let_statement)
  (quote_statement)
  (compound_statement)
  (do_clause)
  (vector_expression)
  (matrix_expression)
  (tuple_expression)
  (argument_list)
  (string_literal)
] @fold

[
  (using_statement)
  (import_statement)
] @fold.imports

[
  (line_comment)
  (block_comment)
] @fold.comment
