(call_expression
  function: [
    (identifier) @reference.call
    (field_expression
      field: (field_identifier) @reference.call)
    (scoped_identifier
      name: (identifier) @reference.call)
    (generic_function
      function: [
        (identifier) @reference.call
        (field_expression
          field: (field_identifier) @reference.call)
        (scoped_identifier
          name: (identifier) @reference.call)
      ])
  ])

(macro_invocation
  macro: [
    (identifier) @reference.call
    (scoped_identifier
      name: (identifier) @reference.call)
  ])

(attribute
  [
    (identifier) @reference.call
    (scoped_identifier
      name: (identifier) @reference.call)
  ])

(lifetime
  (identifier) @reference.none)

(label
  (identifier) @reference.none)

(type_identifier) @reference.type

; Constructors in patterns.
(tuple_struct_pattern
  type: [
    (identifier) @reference.type
    (scoped_identifier
      name: (identifier) @reference.type)
  ])

[
  (field_identifier)
  (shorthand_field_identifier)
] @reference.member

(identifier) @reference.read
