(command_name
  (word) @reference.call)

; Positional parameters.
((variable_name) @reference.none
  (#match? @reference.none "^[0-9]+$"))

(variable_name) @reference.read
