; Fields belong to their type; enumerators are names of the scope around.
[
  (struct_specifier
    body: (_))
  (union_specifier
    body: (_))
] @scope.class

[
  (function_definition)
  (preproc_function_def)
] @scope.function

; The parameters of a prototype, of a function type and of a pointer to a function.
(declaration
  declarator: (function_declarator) @scope.function)

(pointer_declarator
  declarator: (function_declarator
    declarator: (parenthesized_declarator)) @scope.function)

(declaration
  declarator: (pointer_declarator
    declarator: (function_declarator) @scope.function))

(type_definition
  declarator: (function_declarator) @scope.function)

(field_declaration
  declarator: (function_declarator) @scope.function)

(parameter_declaration
  declarator: (function_declarator) @scope.function)

(for_statement) @scope.block

(if_statement
  consequence: (compound_statement) @scope.block)

(else_clause
  (compound_statement) @scope.block)

(while_statement
  body: (compound_statement) @scope.block)

(do_statement
  body: (compound_statement) @scope.block)

(switch_statement
  body: (compound_statement) @scope.block)

(case_statement
  (compound_statement) @scope.block)

(compound_statement
  (compound_statement) @scope.block)
