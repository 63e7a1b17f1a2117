; `import java.util.List` brings `List` into the file.
(import_declaration
  (scoped_identifier
    scope: (_) @import.source
    name: (identifier) @import.name)
  .
  ";") @import

(import_declaration
  (scoped_identifier) @import.source
  (asterisk) @import.name) @import
