(call_expression
  .
  (identifier) @reference.call)

(call_expression
  .
  (navigation_expression
    (identifier) @reference.call .))

(user_type
  (identifier) @reference.type)

(type_constraint
  .
  (identifier) @reference.type)

(navigation_expression
  (identifier) @reference.member .)

; The name of an argument belongs to what is called.
(value_argument
  .
  (identifier) @reference.member
  "=")

(package_header
  (qualified_identifier
    (identifier) @reference.none))

; This grammar reads these words as names.
((identifier) @reference.none
  (#any-of? @reference.none "null" "true" "false"))

(identifier) @reference.read

; `break@outer` names a label.
(labeled_expression
  (label)
  .
  (identifier) @reference.none)
