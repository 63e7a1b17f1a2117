(extends_clause
  value: (identifier) @reference.type)

(extends_clause
  value: (member_expression
    property: (property_identifier) @reference.type))

(type_identifier) @reference.type

; The parts of a namespace's own name.
(internal_module
  name: (nested_identifier
    (identifier) @reference.none))

; Names that only describe: the key of an index signature, the labels of a tuple.
(index_signature
  name: (identifier) @reference.none)

(tuple_type
  [
    (required_parameter
      name: (identifier) @reference.none)
    (optional_parameter
      name: (identifier) @reference.none)
  ])
