(function_definition
  name: (word) @name) @declaration.function

(declaration_command
  "readonly"
  (variable_assignment
    name: (variable_name) @name) @declaration.constant)

(program
  (variable_assignment
    name: (variable_name) @name) @declaration.constant
  (#match? @name "^_*[A-Z][A-Z0-9_]+$"))

(variable_assignment
  name: [
    (variable_name) @name
    (subscript
      name: (variable_name) @name)
  ]) @declaration.variable

(declaration_command
  (variable_name) @name @declaration.variable)

(for_statement
  variable: (variable_name) @name) @declaration.variable

(command
  name: (command_name
    (word) @_read)
  argument: (word) @name @declaration.variable
  (#any-of? @_read "read" "mapfile" "readarray")
  (#match? @name "^[A-Za-z_]"))

(c_style_for_statement
  initializer: (variable_assignment
    name: (variable_name) @name) @declaration.variable)
