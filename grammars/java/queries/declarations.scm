[
  (class_declaration
    name: (identifier) @name)
  (record_declaration
    name: (identifier) @name)
] @declaration.class

[
  (interface_declaration
    name: (identifier) @name)
  (annotation_type_declaration
    name: (identifier) @name)
] @declaration.interface

(enum_declaration
  name: (identifier) @name) @declaration.enum

(enum_constant
  name: (identifier) @name) @declaration.enum-member

[
  (constructor_declaration
    name: (identifier) @name)
  (compact_constructor_declaration
    name: (identifier) @name)
] @declaration.constructor

; A method of a compact source file stands outside any class.
(program
  (method_declaration
    name: (identifier) @name) @declaration.function)

[
  (method_declaration
    name: (identifier) @name)
  (annotation_type_element_declaration
    name: (identifier) @name)
] @declaration.method

; The components of a record are its fields.
(record_declaration
  parameters: (formal_parameters
    (formal_parameter
      name: (identifier) @name) @declaration.field))

(field_declaration
  (modifiers
    "static"
    "final")
  declarator: (variable_declarator
    name: (identifier) @name)) @declaration.constant

(constant_declaration
  declarator: (variable_declarator
    name: (identifier) @name)) @declaration.constant

(field_declaration
  declarator: (variable_declarator
    name: (identifier) @name)) @declaration.field

(formal_parameter
  name: (identifier) @name) @declaration.parameter

(spread_parameter
  (variable_declarator
    name: (identifier) @name)) @declaration.parameter

(lambda_expression
  parameters: (identifier) @name @declaration.parameter)

(inferred_parameters
  (identifier) @name @declaration.parameter)

(type_parameter
  (type_identifier) @name) @declaration.type-parameter

(local_variable_declaration
  declarator: (variable_declarator
    name: (identifier) @name)) @declaration.variable

(enhanced_for_statement
  name: (identifier) @name @declaration.variable)

(catch_formal_parameter
  name: (identifier) @name) @declaration.variable

(resource
  name: (identifier) @name) @declaration.variable

(instanceof_expression
  name: (identifier) @name @declaration.variable)

(type_pattern
  (identifier) @name) @declaration.variable

(record_pattern_component
  (identifier) @name) @declaration.variable

(labeled_statement
  .
  (identifier) @name) @declaration.label
