; Each module of the statement is an import of its own.
(using_statement
  [
    (identifier)
    (scoped_identifier)
    (import_path)
  ] @import @import.source)

(import_statement
  (identifier) @import @import.source @import.name)

(import_statement
  [
    (scoped_identifier
      (identifier) @import.name .)
    (import_path
      (identifier) @import.name .)
  ] @import @import.source)

(import_statement
  (import_alias
    .
    (_) @import.source @import.name
    (identifier) @import.alias) @import)

(selected_import
  .
  (_) @import.source
  [
    (identifier)
    (operator)
    (macro_identifier)
  ] @import.name) @import

(selected_import
  .
  (_) @import.source
  (import_alias
    .
    (_) @import.name
    (identifier) @import.alias)) @import

(call_expression
  .
  (identifier) @_include
  (argument_list
    (string_literal
      (content) @import.source))
  (#eq? @_include "include")) @import
