(struct_definition) @scope.class

[
  (function_definition)
  (macro_definition)
  (arrow_function_expression)
  (do_clause)
] @scope.function

; The short form of a function.
(assignment
  .
  [
    (call_expression)
    (typed_expression
      .
      (call_expression))
    (where_expression
      .
      [
        (call_expression)
        (typed_expression
          .
          (call_expression))
      ])
  ]) @scope.function

[
  (module_definition)
  (abstract_definition)
  (for_statement)
  (while_statement)
  (let_statement)
  (try_statement)
  (catch_clause)
  (comprehension_expression)
] @scope.block

; A generator that is the only argument of a call.
(argument_list
  (for_clause)) @scope.block
