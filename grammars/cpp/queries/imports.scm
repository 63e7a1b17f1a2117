((using_declaration
  (qualified_identifier
    scope: (_) @import.source
    name: [
      (identifier)
      (type_identifier)
    ] @import.name)) @import
  (#not-match? @import "^using\\s+namespace\\b"))

; Everything of a namespace.
(using_declaration
  "namespace"
  [
    (identifier)
    (qualified_identifier)
  ] @import.source) @import
