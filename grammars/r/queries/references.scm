(call
  function: [
    (identifier) @reference.call
    (namespace_operator
      rhs: (identifier) @reference.call)
    (extract_operator
      rhs: (identifier) @reference.call)
  ])

(extract_operator
  rhs: (identifier) @reference.member)

(namespace_operator
  rhs: (identifier) @reference.member)

; The name of an argument belongs to what is called.
(argument
  name: (identifier) @reference.member)

(identifier) @reference.read
