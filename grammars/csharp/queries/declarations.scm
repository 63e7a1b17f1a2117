[
  (class_declaration
    name: (identifier) @name)
  (record_declaration
    name: (identifier) @name)
] @declaration.class

(struct_declaration
  name: (identifier) @name) @declaration.struct

(interface_declaration
  name: (identifier) @name) @declaration.interface

(enum_declaration
  name: (identifier) @name) @declaration.enum

(enum_member_declaration
  name: (identifier) @name) @declaration.enum-member

(delegate_declaration
  name: (identifier) @name) @declaration.type

(namespace_declaration
  name: (_) @name) @declaration.namespace

(file_scoped_namespace_declaration
  name: (_) @name) @declaration.namespace

(constructor_declaration
  name: (identifier) @name) @declaration.constructor

(method_declaration
  name: (identifier) @name) @declaration.method

(local_function_statement
  name: (identifier) @name) @declaration.function

(property_declaration
  name: (identifier) @name) @declaration.property

(event_declaration
  name: (identifier) @name) @declaration.property

; The components of a record are its properties.
(record_declaration
  (parameter_list
    (parameter
      name: (identifier) @name) @declaration.property))

(field_declaration
  (modifier) @_const
  (variable_declaration
    (variable_declarator
      name: (identifier) @name))
  (#eq? @_const "const")) @declaration.constant

(field_declaration
  (variable_declaration
    (variable_declarator
      name: (identifier) @name))) @declaration.field

(event_field_declaration
  (variable_declaration
    (variable_declarator
      name: (identifier) @name))) @declaration.field

(type_parameter
  name: (identifier) @name) @declaration.type-parameter

(parameter
  name: (identifier) @name) @declaration.parameter

; A `params` parameter has no node of its own.
(parameter_list
  name: (identifier) @name @declaration.parameter)

(implicit_parameter) @name @declaration.parameter

(local_declaration_statement
  (modifier) @_const
  (variable_declaration
    (variable_declarator
      name: (identifier) @name))
  (#eq? @_const "const")) @declaration.constant

(variable_declaration
  (variable_declarator
    name: (identifier) @name)) @declaration.variable

(tuple_pattern
  name: (identifier) @name @declaration.variable)

(foreach_statement
  left: (identifier) @name @declaration.variable)

(catch_declaration
  name: (identifier) @name) @declaration.variable

(declaration_expression
  name: (identifier) @name) @declaration.variable

(declaration_pattern
  name: (identifier) @name) @declaration.variable

(recursive_pattern
  name: (identifier) @name @declaration.variable)

(var_pattern
  name: (identifier) @name) @declaration.variable

(list_pattern
  name: (identifier) @name @declaration.variable)

; Names of a query.
(from_clause
  name: (identifier) @name @declaration.variable)

(let_clause
  .
  (identifier) @name @declaration.variable)

(join_clause
  .
  (identifier) @name @declaration.variable)

(labeled_statement
  .
  (identifier) @name) @declaration.label
