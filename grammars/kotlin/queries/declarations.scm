(class_declaration
  "interface"
  name: (identifier) @name) @declaration.interface

(class_declaration
  (modifiers
    (class_modifier) @_enum)
  name: (identifier) @name
  (#eq? @_enum "enum")) @declaration.enum

[
  (class_declaration
    name: (identifier) @name)
  (object_declaration
    name: (identifier) @name)
  (companion_object
    name: (identifier) @name)
] @declaration.class

(type_alias
  type: (identifier) @name) @declaration.type

(enum_entry
  .
  (identifier) @name) @declaration.enum-member

(class_body
  (function_declaration
    name: (identifier) @name) @declaration.method)

(enum_class_body
  (function_declaration
    name: (identifier) @name) @declaration.method)

(function_declaration
  name: (identifier) @name) @declaration.function

(secondary_constructor
  "constructor" @name) @declaration.constructor

(property_declaration
  (modifiers
    (property_modifier) @_const)
  (variable_declaration
    (identifier) @name)
  (#eq? @_const "const")) @declaration.constant

(class_body
  (property_declaration
    (variable_declaration
      .
      (identifier) @name)) @declaration.property)

(enum_class_body
  (property_declaration
    (variable_declaration
      .
      (identifier) @name)) @declaration.property)

; A parameter of the primary constructor with `val` or `var` is a property.
(class_parameter
  [
    "val"
    "var"
  ]
  .
  (identifier) @name) @declaration.property

(class_parameter
  (identifier) @name) @declaration.parameter

(type_parameter
  (identifier) @name) @declaration.type-parameter

(parameter
  .
  (identifier) @name) @declaration.parameter

(setter
  (identifier) @name @declaration.parameter)

(lambda_parameters
  [
    (variable_declaration
      .
      (identifier) @name)
    (multi_variable_declaration
      (variable_declaration
        .
        (identifier) @name))
  ] @declaration.parameter)

(property_declaration
  [
    (variable_declaration
      .
      (identifier) @name)
    (multi_variable_declaration
      (variable_declaration
        .
        (identifier) @name))
  ]) @declaration.variable

(for_statement
  [
    (variable_declaration
      .
      (identifier) @name)
    (multi_variable_declaration
      (variable_declaration
        .
        (identifier) @name))
  ] @declaration.variable)

(when_subject
  (variable_declaration
    .
    (identifier) @name) @declaration.variable)

(catch_block
  .
  (identifier) @name @declaration.variable)
