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

(class_heritage
  (identifier) @reference.type)

(class_heritage
  (member_expression
    property: (property_identifier) @reference.type))

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

; A component is called; the tag of a plain element is no name of this file.
(jsx_opening_element
  name: (identifier) @reference.none
  (#match? @reference.none "^[a-z]"))

(jsx_closing_element
  name: (_) @reference.none)

(jsx_closing_element
  name: (member_expression
    object: (identifier) @reference.none
    property: (property_identifier) @reference.none))

(jsx_self_closing_element
  name: (identifier) @reference.none
  (#match? @reference.none "^[a-z]"))

(jsx_opening_element
  name: (identifier) @reference.call)

(jsx_opening_element
  name: (member_expression
    property: (property_identifier) @reference.call))

(jsx_self_closing_element
  name: (identifier) @reference.call)

(jsx_self_closing_element
  name: (member_expression
    property: (property_identifier) @reference.call))

(identifier) @reference.read
