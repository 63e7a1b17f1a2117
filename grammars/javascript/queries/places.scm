(comment) @comment

[
  (string)
  (template_string)
  (regex)
  (jsx_text)
] @string
