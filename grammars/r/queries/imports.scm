(call
  function: (identifier) @_load
  arguments: (arguments
    .
    (argument
      value: [
        (identifier) @import.source
        (string
          content: (string_content) @import.source)
      ]))
  (#any-of? @_load "library" "require" "requireNamespace" "loadNamespace" "source")) @import
