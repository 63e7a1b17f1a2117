[
  (statement_block)
  (class_body)
  (object)
  (array)
  (arguments)
  (formal_parameters)
  (switch_body)
  (switch_case)
  (switch_default)
  (template_string)
  (object_pattern)
  (named_imports)
  (export_clause)
  (jsx_element)
  (jsx_self_closing_element)
] @fold

(import_statement) @fold.imports

(comment) @fold.comment
