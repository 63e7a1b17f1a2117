; Functions by the shape of their name.
(function_declaration
  name: (identifier) @name) @declaration.function

(function_declaration
  name: [
    (dot_index_expression
      field: (identifier) @name)
    (method_index_expression
      method: (identifier) @name)
  ]) @declaration.method

(assignment_statement
  (variable_list
    .
    name: (identifier) @name)
  (expression_list
    .
    value: (function_definition))) @declaration.function

(assignment_statement
  (variable_list
    .
    name: (dot_index_expression
      field: (identifier) @name))
  (expression_list
    .
    value: (function_definition))) @declaration.method

; The members of a table.
(table_constructor
  (field
    name: (identifier) @name
    value: (function_definition)) @declaration.method)

(table_constructor
  (field
    name: [
      (identifier) @name
      (string
        content: (string_content) @name)
    ]) @declaration.field)

(assignment_statement
  (variable_list
    name: (dot_index_expression
      field: (identifier) @name))) @declaration.field

(parameters
  name: (identifier) @name @declaration.parameter)

(variable_declaration
  (assignment_statement
    (variable_list
      name: (identifier) @name
      attribute: (attribute
        (identifier) @_attribute)))
  (#eq? @_attribute "const")) @declaration.constant

(variable_declaration
  [
    (assignment_statement
      (variable_list
        name: (identifier) @name))
    (variable_list
      name: (identifier) @name)
  ]) @declaration.variable

; Without `local` a name is global: declared where the file itself sets it.
(chunk
  (assignment_statement
    (variable_list
      name: (identifier) @name)) @declaration.variable)

(for_numeric_clause
  name: (identifier) @name @declaration.variable)

(for_generic_clause
  (variable_list
    name: (identifier) @name) @declaration.variable)

(label_statement
  (identifier) @name) @declaration.label
