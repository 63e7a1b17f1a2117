(using_declaration
  "using"
  .
  (qualified_identifier
    scope: (_) @import.source
    name: [
      (identifier)
      (type_identifier)
    ] @import.name)) @import

; Everything of a namespace.
(using_declaration
  "namespace"
  [
    (identifier)
    (qualified_identifier)
  ] @import.source) @import
