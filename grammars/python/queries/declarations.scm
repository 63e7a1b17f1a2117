; Functions that stand directly in a class body, decorated or not, are methods.
(class_definition
  body: (block
    (function_definition
      name: (identifier) @name) @declaration.constructor)
  (#eq? @name "__init__"))

(class_definition
  body: (block
    (function_definition
      name: (identifier) @name) @declaration.method))

(class_definition
  body: (block
    (decorated_definition
      definition: (function_definition
        name: (identifier) @name) @declaration.method)))

(function_definition
  name: (identifier) @name) @declaration.function

(class_definition
  name: (identifier) @name) @declaration.class

(type_alias_statement
  left: (type
    [
      (identifier) @name
      (generic_type
        .
        (identifier) @name)
    ])) @declaration.type

; The type parameters of a class, a function or an alias; the same node type also holds the arguments of `list[int]`.
(class_definition
  type_parameters: (type_parameter
    (type
      [
        (identifier) @name
        (constrained_type
          .
          (type
            (identifier) @name))
        (splat_type
          (identifier) @name)
      ]) @declaration.type-parameter))

(function_definition
  type_parameters: (type_parameter
    (type
      [
        (identifier) @name
        (constrained_type
          .
          (type
            (identifier) @name))
        (splat_type
          (identifier) @name)
      ]) @declaration.type-parameter))

(type_alias_statement
  left: (type
    (generic_type
      (type_parameter
        (type
          [
            (identifier) @name
            (constrained_type
              .
              (type
                (identifier) @name))
            (splat_type
              (identifier) @name)
          ]) @declaration.type-parameter))))

; Parameters in all their forms.
(parameters
  (identifier) @name @declaration.parameter)

(parameters
  [
    (list_splat_pattern
      (identifier) @name)
    (dictionary_splat_pattern
      (identifier) @name)
  ] @declaration.parameter)

(lambda_parameters
  (identifier) @name @declaration.parameter)

(lambda_parameters
  [
    (list_splat_pattern
      (identifier) @name)
    (dictionary_splat_pattern
      (identifier) @name)
  ] @declaration.parameter)

(typed_parameter
  [
    (identifier) @name
    (list_splat_pattern
      (identifier) @name)
    (dictionary_splat_pattern
      (identifier) @name)
  ]) @declaration.parameter

(default_parameter
  name: (identifier) @name) @declaration.parameter

(typed_default_parameter
  name: (identifier) @name) @declaration.parameter

; Values in the body of an enumeration.
(class_definition
  superclasses: (argument_list
    [
      (identifier) @_base
      (attribute
        attribute: (identifier) @_base)
    ])
  body: (block
    (expression_statement
      (assignment
        left: (identifier) @name) @declaration.enum-member))
  (#any-of? @_base "Enum" "IntEnum" "StrEnum" "Flag" "IntFlag"))

; Names bound in a class body, and attributes bound through `self` or `cls`, are fields.
(class_definition
  body: (block
    (expression_statement
      (assignment
        left: [
          (identifier) @name
          (pattern_list
            (identifier) @name)
        ]) @declaration.field)))

(assignment
  left: (attribute
    object: (identifier) @_self
    attribute: (identifier) @name)
  (#any-of? @_self "self" "cls")) @declaration.field

; Upper-case names at the top of the file are constants by convention.
(module
  (expression_statement
    (assignment
      left: (identifier) @name) @declaration.constant)
  (#match? @name "^_*[A-Z][A-Z0-9_]*$"))

(assignment
  left: (identifier) @name) @declaration.variable

(assignment
  left: [
    (pattern_list
      [
        (identifier) @name
        (list_splat_pattern
          (identifier) @name)
        (tuple_pattern
          (identifier) @name)
        (list_pattern
          (identifier) @name)
      ])
    (tuple_pattern
      [
        (identifier) @name
        (list_splat_pattern
          (identifier) @name)
        (tuple_pattern
          (identifier) @name)
      ])
    (list_pattern
      [
        (identifier) @name
        (list_splat_pattern
          (identifier) @name)
      ])
  ]) @declaration.variable

(named_expression
  name: (identifier) @name) @declaration.variable

(for_statement
  left: [
    (identifier) @name
    (pattern_list
      [
        (identifier) @name
        (list_splat_pattern
          (identifier) @name)
        (tuple_pattern
          (identifier) @name)
      ])
    (tuple_pattern
      (identifier) @name)
    (list_pattern
      (identifier) @name)
  ]) @declaration.variable

(for_in_clause
  left: [
    (identifier) @name
    (pattern_list
      [
        (identifier) @name
        (list_splat_pattern
          (identifier) @name)
        (tuple_pattern
          (identifier) @name)
      ])
    (tuple_pattern
      (identifier) @name)
    (list_pattern
      (identifier) @name)
  ]) @declaration.variable

(as_pattern
  alias: (as_pattern_target
    [
      (identifier) @name
      (tuple
        (identifier) @name)
    ])) @declaration.variable

; Captures of a match statement: a bare lower-case name binds, a dotted or called one does not.
(case_pattern
  (dotted_name
    .
    (identifier) @name
    .)
  (#not-eq? @name "_")) @declaration.variable

(case_pattern
  (as_pattern
    (identifier) @name)) @declaration.variable

(splat_pattern
  (identifier) @name
  (#not-eq? @name "_")) @declaration.variable

(keyword_pattern
  (identifier)
  (dotted_name
    .
    (identifier) @name
    .)
  (#not-eq? @name "_")) @declaration.variable
