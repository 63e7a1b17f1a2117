; Declarators nest: a pointer, an array, an initial value or a function around the name. The layers between are written as
; wildcards, which keeps the query quick to compile.
(function_definition
  declarator: [
    (_
      declarator: (identifier) @name)
    (_
      declarator: (_
        declarator: (identifier) @name))
    (_
      declarator: (_
        declarator: (_
          declarator: (identifier) @name)))
  ]) @declaration.function

(declaration
  declarator: [
    (function_declarator
      declarator: (identifier) @name)
    (_
      declarator: (function_declarator
        declarator: (identifier) @name))
  ]) @declaration.function

[
  (struct_specifier
    name: (type_identifier) @name
    body: (_))
  (union_specifier
    name: (type_identifier) @name
    body: (_))
] @declaration.struct

(enum_specifier
  name: (type_identifier) @name
  body: (_)) @declaration.enum

(enumerator
  name: (identifier) @name) @declaration.enum-member

; A type without a name of its own is known by its typedef.
(type_definition
  type: [
    (struct_specifier
      !name
      body: (_))
    (union_specifier
      !name
      body: (_))
  ]
  declarator: (type_identifier) @name) @declaration.struct

(type_definition
  type: (enum_specifier
    !name
    body: (_))
  declarator: (type_identifier) @name) @declaration.enum

(type_definition
  declarator: [
    (type_identifier) @name
    (_
      declarator: [
        (type_identifier) @name
        (_
          declarator: [
            (type_identifier) @name
            (_
              declarator: (type_identifier) @name)
          ])
        (parenthesized_declarator
          (_
            declarator: (type_identifier) @name))
      ])
  ]) @declaration.type

(field_declaration
  declarator: [
    (field_identifier) @name
    (_
      declarator: [
        (field_identifier) @name
        (_
          declarator: [
            (field_identifier) @name
            (_
              declarator: (field_identifier) @name)
          ])
        (parenthesized_declarator
          (_
            declarator: (field_identifier) @name))
      ])
  ]) @declaration.field

(parameter_declaration
  declarator: [
    (identifier) @name
    (_
      declarator: [
        (identifier) @name
        (_
          declarator: [
            (identifier) @name
            (_
              declarator: (identifier) @name)
          ])
        (parenthesized_declarator
          (_
            declarator: (identifier) @name))
      ])
  ]) @declaration.parameter

(preproc_function_def
  name: (identifier) @name) @declaration.macro

(preproc_params
  (identifier) @name @declaration.parameter)

(preproc_def
  name: (identifier) @name) @declaration.constant

(declaration
  declarator: [
    (identifier) @name
    (_
      declarator: [
        (identifier) @name
        (_
          declarator: [
            (identifier) @name
            (_
              declarator: (identifier) @name)
          ])
        (parenthesized_declarator
          (_
            declarator: (identifier) @name))
      ])
  ]) @declaration.variable

(labeled_statement
  label: (statement_identifier) @name) @declaration.label
