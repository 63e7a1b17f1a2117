(command
  name: (command_name
    (word) @_source)
  .
  argument: [
    (word) @import.source
    (raw_string) @import.source
    (concatenation) @import.source
    (string
      (string_content) @import.source)
  ]
  (#any-of? @_source "source" ".")) @import
