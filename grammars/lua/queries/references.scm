(function_call
  name: [
    (identifier) @reference.call
    (dot_index_expression
      field: (identifier) @reference.call)
    (method_index_expression
      method: (identifier) @reference.call)
  ])

(dot_index_expression
  field: (identifier) @reference.member)

(goto_statement
  (identifier) @reference.none)

(attribute
  (identifier) @reference.none)

(identifier) @reference.read
