[
  (string)
  (template_string)
  (regex)
] @string

(comment) @comment
