[
  (struct_item)
  (union_item)
  (enum_item)
  (trait_item)
  (impl_item)
] @scope.class

(enum_variant
  body: (field_declaration_list) @scope.class)

[
  (function_item)
  (function_signature_item)
  (closure_expression)
  (macro_definition)
] @scope.function

[
  (match_arm)
  (for_expression)
  (while_expression)
  (if_expression)
  (type_item)
] @scope.block

(mod_item
  body: (declaration_list) @scope.block)

(if_expression
  consequence: (block) @scope.block)

(else_clause
  (block) @scope.block)

(loop_expression
  body: (block) @scope.block)

(unsafe_block
  (block) @scope.block)

(async_block
  (block) @scope.block)

(expression_statement
  (block) @scope.block)

(let_declaration
  value: (block) @scope.block)
