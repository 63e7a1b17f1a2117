(function_call_expression
  function: [
    (name) @reference.call
    (qualified_name
      (name) @reference.call)
    (variable_name) @reference.call
  ])

(member_call_expression
  name: (name) @reference.call)

(nullsafe_member_call_expression
  name: (name) @reference.call)

(scoped_call_expression
  name: (name) @reference.call)

(object_creation_expression
  [
    (name) @reference.call
    (qualified_name
      (name) @reference.call)
  ])

(named_type
  [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(base_clause
  [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(class_interface_clause
  [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(use_declaration
  [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(attribute
  [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(scoped_call_expression
  scope: [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(scoped_property_access_expression
  scope: [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(class_constant_access_expression
  .
  [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(class_constant_access_expression
  (_)
  (name) @reference.member)

(binary_expression
  operator: "instanceof"
  right: [
    (name) @reference.type
    (qualified_name
      (name) @reference.type)
  ])

(member_access_expression
  name: (name) @reference.member)

(nullsafe_member_access_expression
  name: (name) @reference.member)

(scoped_property_access_expression
  name: (variable_name) @reference.member)

; The name of an argument belongs to what is called.
(argument
  name: (name) @reference.member)

; The parts of names that stand elsewhere as a whole.
(namespace_name
  (name) @reference.none)

(variable_name
  (name) @reference.none)

(property_element
  name: (variable_name) @reference.none)

(property_promotion_parameter
  name: (variable_name) @reference.none)

((name) @reference.none
  (#any-of? @reference.none "self" "static" "parent"))

(property_hook
  .
  (name) @reference.none)

(goto_statement
  (name) @reference.none)

[
  (name)
  (variable_name)
] @reference.read
