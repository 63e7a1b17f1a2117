(method
  name: (identifier) @name
  (#eq? @name "initialize")) @declaration.constructor

; Methods outside any class or module are functions to a reader.
(program
  (method
    name: [
      (identifier)
      (constant)
      (operator)
    ] @name) @declaration.function)

(method
  name: [
    (identifier) @name
    (constant) @name
    (operator) @name
    (setter) @name
  ]) @declaration.method

(singleton_method
  name: [
    (identifier) @name
    (constant) @name
    (operator) @name
    (setter) @name
  ]) @declaration.method

(alias
  name: (identifier) @name) @declaration.method

(class
  name: [
    (constant) @name
    (scope_resolution
      name: (constant) @name)
  ]) @declaration.class

(module
  name: [
    (constant) @name
    (scope_resolution
      name: (constant) @name)
  ]) @declaration.module

(call
  method: (identifier) @_attribute
  arguments: (argument_list
    (simple_symbol) @name.symbol @declaration.property)
  (#any-of? @_attribute "attr_reader" "attr_writer" "attr_accessor"))

(assignment
  left: (constant) @name) @declaration.constant

(assignment
  left: (left_assignment_list
    (constant) @name)) @declaration.constant

(assignment
  left: [
    (instance_variable) @name
    (class_variable) @name
    (left_assignment_list
      [
        (instance_variable)
        (class_variable)
      ] @name)
  ]) @declaration.field

(operator_assignment
  left: [
    (instance_variable)
    (class_variable)
  ] @name) @declaration.field

; A global is declared where the file itself sets it; elsewhere it is used.
(program
  (assignment
    left: (global_variable) @name) @declaration.variable)

(assignment
  left: (identifier) @name) @declaration.variable

(assignment
  left: (left_assignment_list
    [
      (identifier) @name
      (rest_assignment
        (identifier) @name)
      (destructured_left_assignment
        [
          (identifier) @name
          (rest_assignment
            (identifier) @name)
          (destructured_left_assignment
            (identifier) @name)
        ])
    ])) @declaration.variable

(operator_assignment
  left: (identifier) @name) @declaration.variable

(for
  pattern: [
    (identifier) @name
    (left_assignment_list
      (identifier) @name)
  ]) @declaration.variable

(exception_variable
  (identifier) @name) @declaration.variable

; Names that a pattern binds.
(in_clause
  pattern: (identifier) @name @declaration.variable)

(as_pattern
  name: (identifier) @name) @declaration.variable

(keyword_pattern
  key: (hash_key_symbol) @name
  !value) @declaration.variable

(keyword_pattern
  value: (identifier) @name) @declaration.variable

(array_pattern
  [
    (identifier) @name
    (splat_parameter
      name: (identifier) @name)
  ] @declaration.variable)

(find_pattern
  [
    (identifier) @name
    (splat_parameter
      name: (identifier) @name)
  ] @declaration.variable)

(hash_pattern
  (hash_splat_parameter
    name: (identifier) @name) @declaration.variable)

; Parameters of methods, blocks and lambdas.
(method_parameters
  (identifier) @name @declaration.parameter)

(lambda_parameters
  (identifier) @name @declaration.parameter)

(block_parameters
  (identifier) @name @declaration.parameter)

(destructured_parameter
  [
    (identifier) @name
    (splat_parameter
      name: (identifier) @name)
  ] @declaration.parameter)

[
  (optional_parameter
    name: (identifier) @name)
  (keyword_parameter
    name: (identifier) @name)
  (splat_parameter
    name: (identifier) @name)
  (hash_splat_parameter
    name: (identifier) @name)
  (block_parameter
    name: (identifier) @name)
] @declaration.parameter
