(namespace_use_declaration
  (namespace_use_clause
    [
      (name) @import.source @import.name
      (qualified_name
        prefix: (namespace_name) @import.source
        (name) @import.name)
    ]
    !alias) @import)

(namespace_use_declaration
  (namespace_use_clause
    [
      (name) @import.source @import.name
      (qualified_name
        prefix: (namespace_name) @import.source
        (name) @import.name)
    ]
    alias: (name) @import.alias) @import)

; A group: the names of one namespace.
(namespace_use_declaration
  (namespace_name) @import.source
  body: (namespace_use_group
    (namespace_use_clause
      [
        (name) @import.name
        (qualified_name
          (name) @import.name)
      ]
      !alias))) @import

(namespace_use_declaration
  (namespace_name) @import.source
  body: (namespace_use_group
    (namespace_use_clause
      [
        (name) @import.name
        (qualified_name
          (name) @import.name)
      ]
      alias: (name) @import.alias))) @import

; A file that is run in place.
([
  (include_expression
    [
      (string
        (string_content) @import.source)
      (binary_expression
        right: (string
          (string_content) @import.source))
    ])
  (include_once_expression
    [
      (string
        (string_content) @import.source)
      (binary_expression
        right: (string
          (string_content) @import.source))
    ])
  (require_expression
    [
      (string
        (string_content) @import.source)
      (binary_expression
        right: (string
          (string_content) @import.source))
    ])
  (require_once_expression
    [
      (string
        (string_content) @import.source)
      (binary_expression
        right: (string
          (string_content) @import.source))
    ])
] @import)
