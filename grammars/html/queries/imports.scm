((start_tag
  (tag_name) @_tag
  (attribute
    (attribute_name) @_attribute
    (quoted_attribute_value
      (attribute_value) @import.source)) @import)
  (#eq? @_tag "script")
  (#eq? @_attribute "src"))

((start_tag
  (tag_name) @_tag
  (attribute
    (attribute_name) @_attribute
    (quoted_attribute_value
      (attribute_value) @import.source)) @import)
  (#eq? @_tag "link")
  (#eq? @_attribute "href"))
