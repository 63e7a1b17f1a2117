(function_definition
  name: (name) @name) @declaration.function

(method_declaration
  name: (name) @name
  (#eq? @name "__construct")) @declaration.constructor

(method_declaration
  name: (name) @name) @declaration.method

(class_declaration
  name: (name) @name) @declaration.class

(interface_declaration
  name: (name) @name) @declaration.interface

(trait_declaration
  name: (name) @name) @declaration.trait

(enum_declaration
  name: (name) @name) @declaration.enum

(enum_case
  name: (name) @name) @declaration.enum-member

(namespace_definition
  name: (namespace_name) @name) @declaration.namespace

(const_declaration
  (const_element
    .
    (name) @name)) @declaration.constant

(function_call_expression
  function: (name) @_define
  arguments: (arguments
    .
    (argument
      (string
        (string_content) @name)))
  (#eq? @_define "define")) @declaration.constant

; A property is used without its dollar sign, a static one with it.
(property_declaration
  (static_modifier)
  (property_element
    name: (variable_name) @name)) @declaration.property

((property_declaration
  (property_element
    name: (variable_name
      (name) @name))) @declaration.property
  (#not-match? @declaration.property "^[^$]*static[^$]"))

; A promoted parameter is both a parameter and a property.
(property_promotion_parameter
  name: (variable_name
    (name) @name)) @declaration.property

(property_promotion_parameter
  name: (variable_name) @name) @declaration.parameter

(assignment_expression
  left: (member_access_expression
    object: (variable_name
      (name) @_this)
    name: (name) @name)
  (#eq? @_this "this")) @declaration.property

(simple_parameter
  name: (variable_name) @name) @declaration.parameter

(variadic_parameter
  name: (variable_name) @name) @declaration.parameter

(anonymous_function_use_clause
  [
    (variable_name) @name
    (by_ref
      (variable_name) @name)
  ]) @declaration.variable

(assignment_expression
  left: [
    (variable_name) @name
    (list_literal
      [
        (variable_name) @name
        (by_ref
          (variable_name) @name)
        (list_literal
          (variable_name) @name)
      ])
  ]) @declaration.variable

(reference_assignment_expression
  left: (variable_name) @name) @declaration.variable

(augmented_assignment_expression
  left: (variable_name) @name) @declaration.variable

(foreach_statement
  (_)
  [
    (variable_name) @name
    (by_ref
      (variable_name) @name)
    (list_literal
      (variable_name) @name)
    (pair
      [
        (variable_name) @name
        (by_ref
          (variable_name) @name)
        (list_literal
          (variable_name) @name)
      ])
  ] @declaration.variable)

(catch_clause
  name: (variable_name) @name) @declaration.variable

(global_declaration
  (variable_name) @name) @declaration.variable

(static_variable_declaration
  name: (variable_name) @name) @declaration.variable

(named_label_statement
  (name) @name) @declaration.label
