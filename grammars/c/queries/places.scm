(comment) @comment

[
  (string_literal)
  (system_lib_string)
  (char_literal)
] @string
