[
  (function_declaration)
  (function_definition)
] @scope.function

; A table that holds members keeps them to itself.
(table_constructor
  (field
    name: (_))) @scope.class

[
  (for_statement)
  (while_statement)
  (repeat_statement)
  (do_statement)
] @scope.block

(if_statement
  consequence: (block) @scope.block)

(elseif_statement
  consequence: (block) @scope.block)

(else_statement
  body: (block) @scope.block)
