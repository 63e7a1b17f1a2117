(invocation_expression
  function: [
    (identifier) @reference.call
    (generic_name
      .
      (identifier) @reference.call)
    (member_access_expression
      name: [
        (identifier) @reference.call
        (generic_name
          .
          (identifier) @reference.call)
      ])
    (conditional_access_expression
      (member_binding_expression
        name: [
          (identifier) @reference.call
          (generic_name
            .
            (identifier) @reference.call)
        ]))
  ])

(object_creation_expression
  type: [
    (identifier) @reference.call
    (generic_name
      .
      (identifier) @reference.call)
    (qualified_name
      name: (identifier) @reference.call)
  ])

; Types are plain identifiers; their place tells them.
(_
  type: [
    (identifier) @reference.type
    (qualified_name
      name: (identifier) @reference.type)
  ])

(method_declaration
  returns: (identifier) @reference.type)

(generic_name
  .
  (identifier) @reference.type)

(type_argument_list
  (identifier) @reference.type)

(base_list
  [
    (identifier) @reference.type
    (qualified_name
      name: (identifier) @reference.type)
  ])

(primary_constructor_base_type
  type: (identifier) @reference.type)

(type_parameter_constraints_clause
  (identifier) @reference.type)

(attribute
  name: [
    (identifier) @reference.type
    (qualified_name
      name: (identifier) @reference.type)
  ])

(member_access_expression
  name: [
    (identifier) @reference.member
    (generic_name
      .
      (identifier) @reference.member)
  ])

(member_binding_expression
  name: (identifier) @reference.member)

(subpattern
  .
  (identifier) @reference.member
  (_))

(argument
  name: (identifier) @reference.member)

(goto_statement
  (identifier) @reference.none)

; The parts of a namespace's own name.
(file_scoped_namespace_declaration
  name: (qualified_name
    [
      (identifier) @reference.none
      (qualified_name
        (identifier) @reference.none)
    ]))

(namespace_declaration
  name: (qualified_name
    [
      (identifier) @reference.none
      (qualified_name
        (identifier) @reference.none)
    ]))

(destructor_declaration
  name: (identifier) @reference.none)

(identifier) @reference.read
