; Definitions and prototypes of functions; a pointer may stand before the name.
(function_definition
  declarator: [
    (function_declarator
      declarator: (identifier) @name)
    (pointer_declarator
      declarator: [
        (function_declarator
          declarator: (identifier) @name)
        (pointer_declarator
          declarator: (function_declarator
            declarator: (identifier) @name))
      ])
  ]) @declaration.function

(declaration
  declarator: [
    (function_declarator
      declarator: (identifier) @name)
    (pointer_declarator
      declarator: [
        (function_declarator
          declarator: (identifier) @name)
        (pointer_declarator
          declarator: (function_declarator
            declarator: (identifier) @name))
      ])
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
    (pointer_declarator
      declarator: [
        (type_identifier) @name
        (pointer_declarator
          declarator: (type_identifier) @name)
        (array_declarator
          declarator: (type_identifier) @name)
        (function_declarator
          declarator: (parenthesized_declarator
            (pointer_declarator
              declarator: (type_identifier) @name)))
      ])
    (array_declarator
      declarator: [
        (type_identifier) @name
        (array_declarator
          declarator: (type_identifier) @name)
      ])
    (function_declarator
      declarator: (parenthesized_declarator
        (pointer_declarator
          declarator: (type_identifier) @name)))
  ]) @declaration.type

(field_declaration
  declarator: [
    (field_identifier) @name
    (pointer_declarator
      declarator: [
        (field_identifier) @name
        (pointer_declarator
          declarator: (field_identifier) @name)
        (array_declarator
          declarator: (field_identifier) @name)
        (function_declarator
          declarator: (parenthesized_declarator
            (pointer_declarator
              declarator: (field_identifier) @name)))
      ])
    (array_declarator
      declarator: [
        (field_identifier) @name
        (array_declarator
          declarator: (field_identifier) @name)
      ])
    (function_declarator
      declarator: (parenthesized_declarator
        (pointer_declarator
          declarator: (field_identifier) @name)))
  ]) @declaration.field

(parameter_declaration
  declarator: [
    (identifier) @name
    (pointer_declarator
      declarator: [
        (identifier) @name
        (pointer_declarator
          declarator: (identifier) @name)
        (array_declarator
          declarator: (identifier) @name)
        (function_declarator
          declarator: (parenthesized_declarator
            (pointer_declarator
              declarator: (identifier) @name)))
      ])
    (array_declarator
      declarator: [
        (identifier) @name
        (array_declarator
          declarator: (identifier) @name)
      ])
    (function_declarator
      declarator: (parenthesized_declarator
        (pointer_declarator
          declarator: (identifier) @name)))
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
    (pointer_declarator
      declarator: [
        (identifier) @name
        (pointer_declarator
          declarator: (identifier) @name)
        (array_declarator
          declarator: (identifier) @name)
        (function_declarator
          declarator: (parenthesized_declarator
            (pointer_declarator
              declarator: (identifier) @name)))
      ])
    (array_declarator
      declarator: [
        (identifier) @name
        (array_declarator
          declarator: (identifier) @name)
      ])
    (function_declarator
      declarator: (parenthesized_declarator
        (pointer_declarator
          declarator: (identifier) @name)))
  ]) @declaration.variable

(declaration
  declarator: (init_declarator
    declarator: [
      (identifier) @name
      (pointer_declarator
        declarator: [
          (identifier) @name
          (pointer_declarator
            declarator: (identifier) @name)
          (array_declarator
            declarator: (identifier) @name)
          (function_declarator
            declarator: (parenthesized_declarator
              (pointer_declarator
                declarator: (identifier) @name)))
        ])
      (array_declarator
        declarator: [
          (identifier) @name
          (array_declarator
            declarator: (identifier) @name)
        ])
      (function_declarator
        declarator: (parenthesized_declarator
          (pointer_declarator
            declarator: (identifier) @name)))
    ])) @declaration.variable

(labeled_statement
  label: (statement_identifier) @name) @declaration.label
