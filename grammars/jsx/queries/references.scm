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
