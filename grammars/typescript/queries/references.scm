(call_expression
  function: (identifier) @reference.call)

(call_expression
  function: (member_expression
    property: [
      (property_identifier)
      (private_property_identifier)
    ] @reference.call))

(new_expression
  constructor: (identifier) @reference.call)

(new_expression
  constructor: (member_expression
    property: (property_identifier) @reference.call))

(decorator
  (identifier) @reference.call)

(extends_clause
  value: (identifier) @reference.type)

(extends_clause
  value: (member_expression
    property: (property_identifier) @reference.type))

(type_identifier) @reference.type

(member_expression
  property: [
    (property_identifier)
    (private_property_identifier)
  ] @reference.member)

(shorthand_property_identifier) @reference.read

; The outside name of an export.
(export_specifier
  alias: (identifier) @reference.none)

(namespace_export
  (identifier) @reference.none)

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

(identifier) @reference.read
