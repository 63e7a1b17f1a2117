; Attributes whose value is an id.
((attribute
  (attribute_name) @_attribute
  [
    (attribute_value) @reference.read
    (quoted_attribute_value
      (attribute_value) @reference.read)
  ])
  (#any-of? @_attribute "for" "form" "list" "headers" "popovertarget" "aria-labelledby" "aria-describedby" "aria-controls"))
