(use_declaration
  argument: (identifier) @import.source @import.name) @import

(use_declaration
  argument: (scoped_identifier
    path: (_) @import.source
    name: (identifier) @import.name)) @import

(use_declaration
  argument: (use_as_clause
    path: [
      (identifier) @import.source @import.name
      (scoped_identifier
        path: (_) @import.source
        name: (identifier) @import.name)
    ]
    alias: (identifier) @import.alias)) @import

(use_declaration
  argument: (use_wildcard
    (_) @import.source
    "*" @import.name)) @import

; A list: names one level down keep the source of the statement.
(use_declaration
  argument: (scoped_use_list
    path: (_) @import.source
    list: (use_list
      [
        (identifier) @import.name
        (scoped_identifier
          name: (identifier) @import.name)
        (use_wildcard
          "*" @import.name)
      ]))) @import

(use_declaration
  argument: (scoped_use_list
    path: (_) @import.source
    list: (use_list
      (use_as_clause
        path: [
          (identifier) @import.name
          (scoped_identifier
            name: (identifier) @import.name)
        ]
        alias: (identifier) @import.alias)))) @import

; `self` brings the module itself.
(use_declaration
  argument: (scoped_use_list
    path: [
      (identifier) @import.source @import.alias
      (scoped_identifier
        name: (identifier) @import.alias) @import.source
    ]
    list: (use_list
      (self) @import.name))) @import

(use_declaration
  argument: (scoped_use_list
    path: (_) @import.source
    list: (use_list
      (scoped_use_list
        list: (use_list
          [
            (identifier) @import.name
            (scoped_identifier
              name: (identifier) @import.name)
          ]))))) @import

(extern_crate_declaration
  name: (identifier) @import.source @import.name) @import
