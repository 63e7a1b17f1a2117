(call
  !receiver
  method: (identifier) @_require
  arguments: (argument_list
    .
    (string
      (string_content) @import.source))
  (#any-of? @_require "require" "require_relative" "load")) @import

(call
  !receiver
  method: (identifier) @_autoload
  arguments: (argument_list
    .
    (simple_symbol)
    (string
      (string_content) @import.source))
  (#eq? @_autoload "autoload")) @import
