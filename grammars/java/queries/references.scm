(method_invocation
  name: (identifier) @reference.call)

(method_reference
  (_)
  (identifier) @reference.call)

(object_creation_expression
  type: [
    (type_identifier) @reference.call
    (generic_type
      .
      (type_identifier) @reference.call)
    (scoped_type_identifier
      (type_identifier) @reference.call .)
  ])

(marker_annotation
  name: (identifier) @reference.type)

(annotation
  name: (identifier) @reference.type)

(element_value_pair
  key: (identifier) @reference.member)

((type_identifier) @reference.none
  (#eq? @reference.none "var"))

(type_identifier) @reference.type

(field_access
  field: (identifier) @reference.member)

(break_statement
  (identifier) @reference.none)

(continue_statement
  (identifier) @reference.none)

(package_declaration
  (_) @reference.none)

(package_declaration
  (scoped_identifier
    (identifier) @reference.none))

(package_declaration
  (scoped_identifier
    (scoped_identifier
      (identifier) @reference.none)))

(identifier) @reference.read
