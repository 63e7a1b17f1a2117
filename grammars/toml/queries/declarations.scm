(table
  .
  [
    (bare_key)
    (quoted_key)
    (dotted_key)
  ] @name) @declaration.section

(table_array_element
  .
  [
    (bare_key)
    (quoted_key)
    (dotted_key)
  ] @name) @declaration.section

(pair
  .
  [
    (bare_key)
    (quoted_key)
    (dotted_key)
  ] @name) @declaration.key
