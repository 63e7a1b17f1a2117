(call_expression
  function: [
    (identifier) @reference.call
    (field_expression
      field: (field_identifier) @reference.call)
  ])

(call_expression
  function: (parenthesized_expression
    (pointer_expression
      argument: (identifier) @reference.call)))

(type_identifier) @reference.type

(field_identifier) @reference.member

(identifier) @reference.read
