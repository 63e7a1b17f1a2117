; A class of one of R's class systems, held by a name or named by a text.
(binary_operator
  lhs: (identifier) @name
  rhs: (call
    function: [
      (identifier) @_maker
      (namespace_operator
        rhs: (identifier) @_maker)
    ])
  (#any-of? @_maker "R6Class" "setRefClass" "setClass")) @declaration.class

(call
  function: (identifier) @_maker
  arguments: (arguments
    .
    (argument
      value: (string
        content: (string_content) @name)))
  (#eq? @_maker "setClass")) @declaration.class

(call
  function: (identifier) @_maker
  arguments: (arguments
    .
    (argument
      value: (string
        content: (string_content) @name)))
  (#eq? @_maker "setGeneric")) @declaration.function

(call
  function: (identifier) @_maker
  arguments: (arguments
    .
    (argument
      value: (string
        content: (string_content) @name)))
  (#eq? @_maker "setMethod")) @declaration.method

; Members of an R6 class.
(call
  function: [
    (identifier) @_maker
    (namespace_operator
      rhs: (identifier) @_maker)
  ]
  arguments: (arguments
    (argument
      value: (call
        arguments: (arguments
          (argument
            name: (identifier) @name
            value: (function_definition)) @declaration.method))))
  (#eq? @_maker "R6Class"))

(call
  function: [
    (identifier) @_maker
    (namespace_operator
      rhs: (identifier) @_maker)
  ]
  arguments: (arguments
    (argument
      value: (call
        arguments: (arguments
          (argument
            name: (identifier) @name) @declaration.field))))
  (#eq? @_maker "R6Class"))

(binary_operator
  lhs: (identifier) @name
  operator: [
    "<-"
    "<<-"
    "="
  ]
  rhs: (function_definition)) @declaration.function

(program
  (binary_operator
    lhs: (identifier) @name
    operator: [
      "<-"
      "="
    ]) @declaration.constant
  (#match? @name "^[A-Z][A-Z0-9_.]+$"))

(binary_operator
  lhs: (identifier) @name
  operator: [
    "<-"
    "="
    ":="
  ]) @declaration.variable

; The far assignment sets a name of a scope around; only at the top does it declare one.
(program
  (binary_operator
    lhs: (identifier) @name
    operator: "<<-") @declaration.variable)

(binary_operator
  operator: [
    "->"
    "->>"
  ]
  rhs: (identifier) @name) @declaration.variable

(for_statement
  variable: (identifier) @name) @declaration.variable

(parameter
  name: (identifier) @name) @declaration.parameter
