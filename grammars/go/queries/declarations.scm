(function_declaration
  name: (identifier) @name) @declaration.function

(method_declaration
  name: (field_identifier) @name) @declaration.method

; What a type is made of decides its kind.
(type_spec
  name: (type_identifier) @name
  type: (struct_type)) @declaration.struct

(type_spec
  name: (type_identifier) @name
  type: (interface_type)) @declaration.interface

(type_spec
  name: (type_identifier) @name) @declaration.type

(type_alias
  name: (type_identifier) @name) @declaration.type

(method_elem
  name: (field_identifier) @name) @declaration.method

(field_declaration
  name: (field_identifier) @name) @declaration.field

; An embedded type is a field named after the type.
(field_declaration
  !name
  type: [
    (type_identifier) @name
    (qualified_type
      name: (type_identifier) @name)
    (generic_type
      type: (type_identifier) @name)
  ]) @declaration.field

(type_parameter_declaration
  name: (identifier) @name) @declaration.type-parameter

(parameter_declaration
  name: (identifier) @name) @declaration.parameter

(variadic_parameter_declaration
  name: (identifier) @name) @declaration.parameter

(const_spec
  name: (identifier) @name
  (#not-eq? @name "_")) @declaration.constant

(var_spec
  name: (identifier) @name
  (#not-eq? @name "_")) @declaration.variable

(short_var_declaration
  left: (expression_list
    (identifier) @name)
  (#not-eq? @name "_")) @declaration.variable

(range_clause
  left: (expression_list
    (identifier) @name)
  ":="
  (#not-eq? @name "_")) @declaration.variable

(receive_statement
  left: (expression_list
    (identifier) @name)
  ":="
  (#not-eq? @name "_")) @declaration.variable

(type_switch_statement
  alias: (expression_list
    (identifier) @name @declaration.variable))

(labeled_statement
  label: (label_name) @name) @declaration.label
