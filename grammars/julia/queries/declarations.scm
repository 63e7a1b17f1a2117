; Functions: the long form, the short form, and a name that only announces methods.
(function_definition
  (signature
    [
      (call_expression
        .
        [
          (identifier) @name
          (operator) @name
          (field_expression
            (identifier) @name .)
        ])
      (_
        .
        (call_expression
          .
          [
            (identifier) @name
            (operator) @name
            (field_expression
              (identifier) @name .)
          ]))
      (_
        .
        (_
          .
          (call_expression
            .
            [
              (identifier) @name
              (operator) @name
              (field_expression
                (identifier) @name .)
            ])))
    ])) @declaration.function

(function_definition
  (signature
    (identifier) @name)) @declaration.function

(macro_definition
  (signature
    (call_expression
      .
      (identifier) @name))) @declaration.macro

; An inner constructor.
(struct_definition
  (assignment
    .
    [
      (call_expression
        .
        [
          (identifier) @name
          (operator) @name
          (field_expression
            (identifier) @name .)
        ])
      (typed_expression
        .
        (call_expression
          .
          [
            (identifier) @name
            (operator) @name
            (field_expression
              (identifier) @name .)
          ]))
      (where_expression
        .
        [
          (call_expression
            .
            [
              (identifier) @name
              (operator) @name
              (field_expression
                (identifier) @name .)
            ])
          (typed_expression
            .
            (call_expression
              .
              [
                (identifier) @name
                (operator) @name
                (field_expression
                  (identifier) @name .)
              ]))
        ])
    ]) @declaration.constructor)

(assignment
  .
  [
    (call_expression
      .
      [
        (identifier) @name
        (operator) @name
        (field_expression
          (identifier) @name .)
      ])
    (typed_expression
      .
      (call_expression
        .
        [
          (identifier) @name
          (operator) @name
          (field_expression
            (identifier) @name .)
        ]))
    (where_expression
      .
      [
        (call_expression
          .
          [
            (identifier) @name
            (operator) @name
            (field_expression
              (identifier) @name .)
          ])
        (typed_expression
          .
          (call_expression
            .
            [
              (identifier) @name
              (operator) @name
              (field_expression
                (identifier) @name .)
            ]))
      ])
  ]) @declaration.function

(function_definition
  (signature
    [
      (call_expression
        (argument_list
          [
            (identifier) @name
            (_
              .
              (identifier) @name)
            (_
              .
              (_
                .
                (identifier) @name))
            (tuple_expression
              (identifier) @name)
          ] @declaration.parameter))
      (_
        .
        (call_expression
          (argument_list
            [
              (identifier) @name
              (_
                .
                (identifier) @name)
              (_
                .
                (_
                  .
                  (identifier) @name))
              (tuple_expression
                (identifier) @name)
            ] @declaration.parameter)))
      (_
        .
        (_
          .
          (call_expression
            (argument_list
              [
                (identifier) @name
                (_
                  .
                  (identifier) @name)
                (_
                  .
                  (_
                    .
                    (identifier) @name))
                (tuple_expression
                  (identifier) @name)
              ] @declaration.parameter))))
    ]))

(macro_definition
  (signature
    (call_expression
      (argument_list
        (identifier) @name @declaration.parameter))))

(assignment
  .
  [
    (call_expression
      (argument_list
        [
          (identifier) @name
          (_
            .
            (identifier) @name)
          (_
            .
            (_
              .
              (identifier) @name))
          (tuple_expression
            (identifier) @name)
        ] @declaration.parameter))
    (typed_expression
      .
      (call_expression
        (argument_list
          [
            (identifier) @name
            (_
              .
              (identifier) @name)
            (_
              .
              (_
                .
                (identifier) @name))
            (tuple_expression
              (identifier) @name)
          ] @declaration.parameter)))
    (where_expression
      .
      [
        (call_expression
          (argument_list
            [
              (identifier) @name
              (_
                .
                (identifier) @name)
              (_
                .
                (_
                  .
                  (identifier) @name))
              (tuple_expression
                (identifier) @name)
            ] @declaration.parameter))
        (typed_expression
          .
          (call_expression
            (argument_list
              [
                (identifier) @name
                (_
                  .
                  (identifier) @name)
                (_
                  .
                  (_
                    .
                    (identifier) @name))
                (tuple_expression
                  (identifier) @name)
              ] @declaration.parameter)))
      ])
  ])

; The value that a callable object is called on.
(call_expression
  .
  (parenthesized_expression
    (typed_expression
      .
      (identifier) @name) @declaration.parameter))

(arrow_function_expression
  .
  (identifier) @name @declaration.parameter)

(arrow_function_expression
  .
  (argument_list
    [
      (identifier) @name
      (_
        .
        (identifier) @name)
      (_
        .
        (_
          .
          (identifier) @name))
    ] @declaration.parameter))

(do_clause
  (argument_list
    [
      (identifier) @name
      (_
        .
        (identifier) @name)
      (tuple_expression
        (identifier) @name)
    ] @declaration.parameter))

; Type parameters of a signature.
(where_expression
  (_)
  [
    (identifier) @name
    (curly_expression
      [
        (identifier) @name
        (binary_expression
          .
          (identifier) @name)
      ])
    (binary_expression
      .
      (identifier) @name)
  ] @declaration.type-parameter)

; Types; the head holds the name, its parameters and what it extends.
(struct_definition
  (type_head
    [
      (identifier) @name
      (_
        .
        (identifier) @name)
      (_
        .
        (_
          .
          (identifier) @name))
    ])) @declaration.struct

(abstract_definition
  (type_head
    [
      (identifier) @name
      (_
        .
        (identifier) @name)
      (_
        .
        (_
          .
          (identifier) @name))
    ])) @declaration.type

(primitive_definition
  (type_head
    [
      (identifier) @name
      (_
        .
        (identifier) @name)
      (_
        .
        (_
          .
          (identifier) @name))
    ])) @declaration.type

(type_head
  [
    (_
      (curly_expression
        [
          (identifier) @name
          (_
            .
            (identifier) @name)
        ] @declaration.type-parameter))
    (binary_expression
      .
      (_
        (curly_expression
          [
            (identifier) @name
            (_
              .
              (identifier) @name)
          ] @declaration.type-parameter)))
  ])

(struct_definition
  [
    (identifier) @name
    (typed_expression
      .
      (identifier) @name)
    (assignment
      .
      [
        (identifier) @name
        (typed_expression
          .
          (identifier) @name)
      ])
    (const_statement
      (assignment
        .
        (typed_expression
          .
          (identifier) @name)))
  ] @declaration.field)

(macrocall_expression
  (macro_identifier
    (identifier) @_enum)
  (macro_argument_list
    .
    [
      (identifier) @name
      (typed_expression
        .
        (identifier) @name)
    ])
  (#eq? @_enum "enum")) @declaration.enum

(macrocall_expression
  (macro_identifier
    (identifier) @_enum)
  (macro_argument_list
    .
    (_)
    [
      (identifier) @name
      (assignment
        .
        (identifier) @name)
    ] @declaration.enum-member)
  (#eq? @_enum "enum"))

(module_definition
  name: (identifier) @name) @declaration.module

(const_statement
  (assignment
    .
    [
      (identifier) @name
      (typed_expression
        .
        (identifier) @name)
      (open_tuple
        (identifier) @name)
    ])) @declaration.constant

(assignment
  .
  [
    (identifier) @name
    (typed_expression
      .
      (identifier) @name)
    (open_tuple
      [
        (identifier) @name
        (splat_expression
          (identifier) @name)
        (tuple_expression
          [
            (identifier) @name
            (splat_expression
              (identifier) @name)
          ])
      ])
    (tuple_expression
      (identifier) @name)
  ]) @declaration.variable

[
  (local_statement
    (identifier) @name)
  (global_statement
    (identifier) @name)
] @declaration.variable

(for_binding
  .
  [
    (identifier) @name
    (tuple_expression
      (identifier) @name)
  ]) @declaration.variable

(let_binding
  .
  (identifier) @name) @declaration.variable

(catch_clause
  .
  (identifier) @name @declaration.variable)
