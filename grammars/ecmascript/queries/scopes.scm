[
  (class_declaration)
  (class)
] @scope.class

[
  (function_declaration)
  (generator_function_declaration)
  (function_expression)
  (generator_function)
  (arrow_function)
  (method_definition)
] @scope.function

[
  (for_statement)
  (for_in_statement)
  (catch_clause)
  (class_static_block)
  (switch_body)
] @scope.block

; An object that declares members keeps them to itself.
(variable_declarator
  value: (object) @scope.class)

(object
  (method_definition)) @scope.class

; A block that is not the body of a function.
(if_statement
  consequence: (statement_block) @scope.block)

(else_clause
  (statement_block) @scope.block)

(while_statement
  body: (statement_block) @scope.block)

(do_statement
  body: (statement_block) @scope.block)

(try_statement
  body: (statement_block) @scope.block)

(finally_clause
  body: (statement_block) @scope.block)

(statement_block
  (statement_block) @scope.block)

(program
  (statement_block) @scope.block)
