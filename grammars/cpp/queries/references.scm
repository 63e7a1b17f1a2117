(call_expression
  function: [
    (qualified_identifier
      name: [
        (identifier) @reference.call
        (template_function
          name: (identifier) @reference.call)
        (qualified_identifier
          name: [
            (identifier) @reference.call
            (template_function
              name: (identifier) @reference.call)
          ])
      ])
    (template_function
      name: (identifier) @reference.call)
    (field_expression
      field: [
        (template_method
          name: (field_identifier) @reference.call)
        (dependent_name
          (template_method
            name: (field_identifier) @reference.call))
      ])
  ])

((template_function
  name: (identifier) @reference.none)
  (#any-of? @reference.none "static_cast" "dynamic_cast" "const_cast" "reinterpret_cast"))

(new_expression
  type: [
    (type_identifier) @reference.call
    (template_type
      name: (type_identifier) @reference.call)
    (qualified_identifier
      name: (type_identifier) @reference.call)
  ])

(destructor_name
  (identifier) @reference.none)

(operator_name
  (identifier) @reference.none)

(namespace_identifier) @reference.read

(nested_namespace_specifier
  (namespace_identifier) @reference.none)

(attribute
  name: (identifier) @reference.none)
