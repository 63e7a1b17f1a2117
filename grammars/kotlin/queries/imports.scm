((import
  (qualified_identifier
    (identifier) @import.name .) @import.source) @import
  (#not-match? @import "[*]|\\bas\\b"))

((import
  (qualified_identifier) @import.source
  "*" @import.name) @import)

(import
  (qualified_identifier
    (identifier) @import.name .) @import.source
  (identifier) @import.alias) @import
