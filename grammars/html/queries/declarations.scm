; Elements make the outline; an id is a name that links, labels, styles and scripts use.
(element
  [
    (start_tag
      (tag_name) @name)
    (self_closing_tag
      (tag_name) @name)
  ]) @declaration.section

(script_element
  (start_tag
    (tag_name) @name)) @declaration.section

(style_element
  (start_tag
    (tag_name) @name)) @declaration.section

((attribute
  (attribute_name) @_id
  [
    (attribute_value) @name
    (quoted_attribute_value
      (attribute_value) @name)
  ]) @declaration.key
  (#eq? @_id "id"))
