; Functions held by a variable are functions to a reader.
(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function)
    (function_expression)
    (generator_function)
  ]) @declaration.function

[
  (function_declaration
    name: (identifier) @name)
  (generator_function_declaration
    name: (identifier) @name)
  (function_expression
    name: (identifier) @name)
] @declaration.function

(method_definition
  name: (property_identifier) @name
  (#eq? @name "constructor")) @declaration.constructor

(method_definition
  [
    "get"
    "set"
  ]
  name: [
    (property_identifier)
    (private_property_identifier)
  ] @name) @declaration.property

(method_definition
  name: [
    (property_identifier)
    (private_property_identifier)
  ] @name) @declaration.method

; `this.x = …` in a class or a constructor function declares a field.
(assignment_expression
  left: (member_expression
    object: (this)
    property: [
      (property_identifier)
      (private_property_identifier)
    ] @name)) @declaration.field

; The members of an object that a variable holds.
(variable_declarator
  value: (object
    (pair
      key: (property_identifier) @name
      value: [
        (arrow_function)
        (function_expression)
      ]) @declaration.method))

(variable_declarator
  value: (object
    (pair
      key: (property_identifier) @name) @declaration.property))

(arrow_function
  parameter: (identifier) @name @declaration.parameter)

(catch_clause
  parameter: [
    (identifier) @name
    (_
      [
        (identifier) @name
        (shorthand_property_identifier_pattern) @name
        (_
          left: [
            (identifier)
            (shorthand_property_identifier_pattern)
          ] @name)
        (rest_pattern
          (identifier) @name)
        (pair_pattern
          value: [
            (identifier) @name
            (assignment_pattern
              left: (identifier) @name)
          ])
      ])
  ] @declaration.variable)

(for_in_statement
  kind: _
  left: [
    (identifier) @name
    (_
      [
        (identifier) @name
        (shorthand_property_identifier_pattern) @name
        (_
          left: [
            (identifier)
            (shorthand_property_identifier_pattern)
          ] @name)
        (rest_pattern
          (identifier) @name)
        (pair_pattern
          value: [
            (identifier) @name
            (assignment_pattern
              left: (identifier) @name)
          ])
      ])
  ] @declaration.variable)

; Upper-case names are constants by convention.
(lexical_declaration
  "const"
  (variable_declarator
    name: (identifier) @name) @declaration.constant
  (#match? @name "^_*[A-Z][A-Z0-9_]+$"))

(variable_declarator
  name: [
    (identifier) @name
    (_
      [
        (identifier) @name
        (shorthand_property_identifier_pattern) @name
        (_
          left: [
            (identifier)
            (shorthand_property_identifier_pattern)
          ] @name)
        (rest_pattern
          (identifier) @name)
        (pair_pattern
          value: [
            (identifier) @name
            (assignment_pattern
              left: (identifier) @name)
          ])
      ])
  ]) @declaration.variable

; Patterns inside patterns; one with a default value has a left side.
(pair_pattern
  value: (_
    !left
    [
      (identifier) @name
      (shorthand_property_identifier_pattern) @name
      (_
        left: [
          (identifier)
          (shorthand_property_identifier_pattern)
        ] @name)
      (rest_pattern
        (identifier) @name)
      (pair_pattern
        value: [
          (identifier) @name
          (assignment_pattern
            left: (identifier) @name)
        ])
    ]) @declaration.variable)

(array_pattern
  (array_pattern
    (identifier) @name @declaration.variable))

(array_pattern
  (object_pattern
    [
      (shorthand_property_identifier_pattern) @name
      (object_assignment_pattern
        left: (shorthand_property_identifier_pattern) @name)
    ] @declaration.variable))

(labeled_statement
  label: (statement_identifier) @name) @declaration.label
