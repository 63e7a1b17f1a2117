; Fields belong to their type, type parameters to the declaration that names them.
[
  (struct_type)
  (interface_type)
] @scope.class

(type_spec
  type_parameters: (_)) @scope.block

[
  (function_declaration)
  (method_declaration)
  (func_literal)
  (function_type)
  (method_elem)
] @scope.function

; A statement holds what its header declares.
[
  (if_statement)
  (for_statement)
  (expression_switch_statement)
  (type_switch_statement)
  (communication_case)
  (expression_case)
  (type_case)
  (default_case)
] @scope.block

(if_statement
  consequence: (block) @scope.block)

(if_statement
  alternative: (block) @scope.block)

(statement_list
  (block) @scope.block)
