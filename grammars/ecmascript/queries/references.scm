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

(identifier) @reference.read
