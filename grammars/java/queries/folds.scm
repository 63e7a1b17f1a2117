[
  (class_body)
  (interface_body)
  (enum_body)
  (annotation_type_body)
  (block)
  (constructor_body)
  (switch_block)
  (switch_block_statement_group)
  (array_initializer)
  (argument_list)
  (formal_parameters)
  (string_literal)
] @fold

(import_declaration) @fold.imports

[
  (line_comment)
  (block_comment)
] @fold.comment
