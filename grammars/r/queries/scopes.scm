(function_definition) @scope.function

(call
  function: [
    (identifier) @_maker
    (namespace_operator
      rhs: (identifier) @_maker)
  ]
  (#eq? @_maker "R6Class")) @scope.class
