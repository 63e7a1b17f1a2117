; Module imports (JEP 511, Java 25).
((import_declaration) @tolerated
  (#match? @tolerated "^import\\s+module\\s"))

; Statements in front of the call of another constructor (JEP 513, Java 25).
(constructor_body
  (ERROR
    (super)) @tolerated
  .
  (expression_statement) @tolerated)

(constructor_body
  (expression_statement
    (this)) @tolerated)
