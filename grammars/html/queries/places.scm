(comment) @comment

[
  (quoted_attribute_value)
  (attribute_value)
  (text)
] @string
