[
  (class_declaration)
  (object_declaration)
  (companion_object)
  (object_literal)
] @scope.class

[
  (function_declaration)
  (secondary_constructor)
  (anonymous_function)
  (anonymous_initializer)
  (lambda_literal)
  (function_type)
  (getter)
  (setter)
] @scope.function

[
  (type_alias)
  (for_statement)
  (catch_block)
  (when_expression)
  (when_entry)
] @scope.block

(if_expression
  (block) @scope.block)

(while_statement
  (block) @scope.block)

(do_while_statement
  (block) @scope.block)

(try_expression
  (block) @scope.block)

(finally_block
  (block) @scope.block)
