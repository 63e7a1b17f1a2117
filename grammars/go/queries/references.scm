(call_expression
  function: [
    (identifier) @reference.call
    (selector_expression
      field: (field_identifier) @reference.call)
    (type_instantiation_expression
      type: (type_identifier) @reference.call)
    (parenthesized_expression
      (identifier) @reference.call)
  ])

(type_identifier) @reference.type

(field_identifier) @reference.member

(keyed_element
  key: (literal_element
    (identifier) @reference.member))

((identifier) @reference.none
  (#eq? @reference.none "_"))

(label_name) @reference.none

[
  (identifier)
  (package_identifier)
] @reference.read

(package_clause
  (package_identifier) @reference.none)
