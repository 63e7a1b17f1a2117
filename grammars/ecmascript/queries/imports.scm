(import_statement
  source: (string
    (string_fragment) @import.source)) @import

(import_statement
  (import_clause
    [
      (identifier) @import.name
      (named_imports
        [
          (import_specifier
            name: (_) @import.name
            !alias)
          (import_specifier
            name: _ @import.name
            alias: (identifier) @import.alias)
        ])
      (namespace_import
        "*" @import.name
        (identifier) @import.alias)
    ])
  source: (string
    (string_fragment) @import.source)) @import

; What a module passes on: a dependency that brings no name into the file.
(export_statement
  source: (string
    (string_fragment) @import.source)) @import

(variable_declarator
  name: [
    (identifier) @import.name
    (object_pattern
      [
        (shorthand_property_identifier_pattern) @import.name
        (pair_pattern
          key: (property_identifier) @import.name
          value: (identifier) @import.alias)
      ])
  ]
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments
      (string
        (string_fragment) @import.source)))
  (#eq? @_require "require")) @import

(call_expression
  function: (import)
  arguments: (arguments
    (string
      (string_fragment) @import.source))) @import
