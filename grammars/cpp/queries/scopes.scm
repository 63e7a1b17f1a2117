(class_specifier
  body: (_)) @scope.class

; The members of a scoped enumeration stay inside it.
(enum_specifier
  [
    "class"
    "struct"
  ]) @scope.class

[
  (template_declaration)
  (namespace_definition)
  (for_range_loop)
  (if_statement)
  (while_statement)
  (switch_statement)
  (catch_clause)
] @scope.block

(lambda_expression) @scope.function

(requires_expression) @scope.function

(declaration
  declarator: (reference_declarator
    (function_declarator) @scope.function))

(field_declaration
  declarator: [
    (pointer_declarator
      declarator: (function_declarator) @scope.function)
    (reference_declarator
      (function_declarator) @scope.function)
  ])

(friend_declaration) @scope.function

(try_statement
  body: (compound_statement) @scope.block)
