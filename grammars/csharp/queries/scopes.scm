[
  (class_declaration)
  (struct_declaration)
  (record_declaration)
  (interface_declaration)
  (enum_declaration)
] @scope.class

[
  (method_declaration)
  (constructor_declaration)
  (destructor_declaration)
  (operator_declaration)
  (conversion_operator_declaration)
  (indexer_declaration)
  (local_function_statement)
  (lambda_expression)
  (anonymous_method_expression)
  (accessor_declaration)
  (delegate_declaration)
] @scope.function

[
  (namespace_declaration)
  (for_statement)
  (foreach_statement)
  (using_statement)
  (fixed_statement)
  (catch_clause)
  (switch_section)
  (switch_expression_arm)
  (query_expression)
] @scope.block

(if_statement
  consequence: (block) @scope.block)

(if_statement
  alternative: (block) @scope.block)

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
