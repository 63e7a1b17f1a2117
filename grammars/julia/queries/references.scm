(call_expression
  .
  [
    (identifier) @reference.call
    (field_expression
      (identifier) @reference.call .)
    (parametrized_type_expression
      .
      (identifier) @reference.call)
  ])

(broadcast_call_expression
  .
  [
    (identifier) @reference.call
    (field_expression
      (identifier) @reference.call .)
  ])

(macro_identifier
  (identifier) @reference.call)

(typed_expression
  (_)
  [
    (identifier) @reference.type
    (field_expression
      (identifier) @reference.type .)
  ] .)

(parametrized_type_expression
  .
  (identifier) @reference.type)

(curly_expression
  (identifier) @reference.type)

(type_head
  (binary_expression
    (_)
    (operator)
    (identifier) @reference.type))

(curly_expression
  (binary_expression
    (_)
    (operator)
    (identifier) @reference.type))

(field_expression
  (_)
  (identifier) @reference.member .)

; The name of an argument belongs to what is called.
(named_argument
  .
  (identifier) @reference.member)

; Symbols and the marks of string macros are no names.
(quote_expression
  (identifier) @reference.none)

(prefixed_string_literal
  (identifier) @reference.none)

(identifier) @reference.read
