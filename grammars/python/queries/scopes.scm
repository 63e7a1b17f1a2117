(class_definition) @scope.class

(function_definition) @scope.function

(lambda) @scope.function

; A type alias with parameters holds their names.
(type_alias_statement) @scope.block

[
  (list_comprehension)
  (set_comprehension)
  (dictionary_comprehension)
  (generator_expression)
] @scope.block
