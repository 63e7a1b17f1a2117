; Cloning with new values (PHP 8.5).
((clone_expression) @tolerated
  (#match? @tolerated "^clone\\s*[(]"))

; Casts to void and final promoted properties (PHP 8.5).
((parenthesized_expression) @tolerated
  (#match? @tolerated "^[(]void[)]$"))

((ERROR) @tolerated
  (#match? @tolerated "^final$"))
