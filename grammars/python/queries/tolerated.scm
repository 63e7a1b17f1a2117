; Defaults of type parameters (PEP 696, Python 3.13).
((class_definition
  type_parameters: (type_parameter) @tolerated)
  (#match? @tolerated "="))

((function_definition
  type_parameters: (type_parameter) @tolerated)
  (#match? @tolerated "="))

((type_alias_statement
  left: (type
    (generic_type
      (type_parameter) @tolerated)))
  (#match? @tolerated "="))

; Lazy imports (PEP 810, Python 3.15).
((ERROR) @tolerated
  (#match? @tolerated "^lazy$"))
