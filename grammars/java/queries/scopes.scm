[
  (class_declaration)
  (record_declaration)
  (interface_declaration)
  (annotation_type_declaration)
  (enum_declaration)
] @scope.class

; Bodies without a declaration of their own.
(object_creation_expression
  (class_body) @scope.class)

(enum_constant
  body: (class_body) @scope.class)

[
  (method_declaration)
  (constructor_declaration)
  (compact_constructor_declaration)
  (lambda_expression)
  (static_initializer)
] @scope.function

[
  (for_statement)
  (enhanced_for_statement)
  (try_with_resources_statement)
  (catch_clause)
  (switch_rule)
  (switch_block_statement_group)
] @scope.block

(if_statement
  [
    (block)
    (parenthesized_expression)
  ] @scope.block)

(while_statement
  body: (block) @scope.block)

(do_statement
  body: (block) @scope.block)

(try_statement
  body: (block) @scope.block)

(finally_clause
  (block) @scope.block)

(block
  (block) @scope.block)
