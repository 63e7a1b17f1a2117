(function_signature
  name: (identifier) @name) @declaration.function

[
  (class_declaration
    name: (type_identifier) @name)
  (class
    name: (type_identifier) @name)
  (abstract_class_declaration
    name: (type_identifier) @name)
] @declaration.class

[
  (method_signature
    name: (property_identifier) @name)
  (abstract_method_signature
    name: (property_identifier) @name)
] @declaration.method

; A field that holds a function is called like a method.
(public_field_definition
  name: [
    (property_identifier)
    (private_property_identifier)
  ] @name
  value: [
    (arrow_function)
    (function_expression)
  ]) @declaration.method

(public_field_definition
  name: [
    (property_identifier)
    (private_property_identifier)
  ] @name) @declaration.field

(property_signature
  name: [
    (property_identifier) @name
    (string
      (string_fragment) @name)
  ]) @declaration.property

(interface_declaration
  name: (type_identifier) @name) @declaration.interface

(type_alias_declaration
  name: (type_identifier) @name) @declaration.type

(enum_declaration
  name: (identifier) @name) @declaration.enum

(enum_body
  name: (_) @name @declaration.enum-member)

(enum_assignment
  name: (_) @name) @declaration.enum-member

(internal_module
  name: (_) @name) @declaration.namespace

(module
  name: [
    (identifier) @name
    (string
      (string_fragment) @name)
  ]) @declaration.module

(type_parameter
  name: (type_identifier) @name) @declaration.type-parameter

(infer_type
  (type_identifier) @name) @declaration.type-parameter

(mapped_type_clause
  name: (type_identifier) @name) @declaration.type-parameter

; A parameter with an accessibility modifier is a field of its class.
(required_parameter
  [
    (accessibility_modifier)
    "readonly"
  ]
  pattern: (identifier) @name) @declaration.field

; Required and optional ones.
(formal_parameters
  (_
    pattern: [
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
