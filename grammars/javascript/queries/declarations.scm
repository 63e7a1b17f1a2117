[
  (class_declaration
    name: (identifier) @name)
  (class
    name: (identifier) @name)
] @declaration.class

; A field that holds a function is called like a method.
(field_definition
  property: [
    (property_identifier)
    (private_property_identifier)
  ] @name
  value: [
    (arrow_function)
    (function_expression)
  ]) @declaration.method

(field_definition
  property: [
    (property_identifier)
    (private_property_identifier)
  ] @name) @declaration.field

(formal_parameters
  (identifier) @name @declaration.parameter)

; A parameter with a default value has a left side.
(formal_parameters
  (_
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
    ]) @declaration.parameter)

(formal_parameters
  (_
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
    ]) @declaration.parameter)
