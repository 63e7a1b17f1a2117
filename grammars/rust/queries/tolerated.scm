; Items of an unsafe extern block that are safe to use (Rust 1.82).
((ERROR
  (identifier) @_word) @tolerated
  (#eq? @_word "safe"))

; Fields of a tuple struct by number in a pattern, and a rest in a destructuring assignment.
(struct_pattern
  (ERROR
    (integer_literal)) @tolerated)

((struct_expression) @tolerated
  (#match? @tolerated "[.][.]\\s*[}]$"))
