[
  (compound_statement)
  (declaration_list)
  (enum_declaration_list)
  (switch_block)
  (case_statement)
  (match_block)
  (array_creation_expression)
  (arguments)
  (formal_parameters)
  (property_hook_list)
  (heredoc)
  (nowdoc)
  (colon_block)
] @fold

(namespace_use_declaration) @fold.imports

(comment) @fold.comment
