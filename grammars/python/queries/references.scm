(call
  function: (identifier) @reference.call)

(call
  function: (attribute
    attribute: (identifier) @reference.call))

(decorator
  (identifier) @reference.call)

(decorator
  (attribute
    attribute: (identifier) @reference.call))

; Names inside annotations and base classes.
(type
  (identifier) @reference.type)

(type
  (attribute
    attribute: (identifier) @reference.type))

(type
  (subscript
    value: (identifier) @reference.type))

(type
  (binary_operator
    (identifier) @reference.type))

(generic_type
  (identifier) @reference.type)

(union_type
  (type
    (identifier) @reference.type))

(class_definition
  superclasses: (argument_list
    (identifier) @reference.type))

(class_definition
  superclasses: (argument_list
    (attribute
      attribute: (identifier) @reference.type)))

(class_definition
  superclasses: (argument_list
    (subscript
      value: (identifier) @reference.type)))

(class_pattern
  (dotted_name
    (identifier) @reference.type .))

(except_clause
  value: (identifier) @reference.type)

(except_clause
  value: (tuple
    (identifier) @reference.type))

(except_clause
  value: (as_pattern
    .
    (identifier) @reference.type))

(except_clause
  value: (as_pattern
    .
    (tuple
      (identifier) @reference.type)))

(attribute
  attribute: (identifier) @reference.member)

; The name of a keyword argument belongs to what is called, not to the scope around.
(keyword_argument
  name: (identifier) @reference.member)

(keyword_pattern
  .
  (identifier) @reference.member)

(identifier) @reference.read
