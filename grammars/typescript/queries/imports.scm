(import_statement
  (import_require_clause
    (identifier) @import.name
    source: (string
      (string_fragment) @import.source))) @import
