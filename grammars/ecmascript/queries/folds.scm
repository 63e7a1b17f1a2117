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
] @fold

(import_statement) @fold.imports

(comment) @fold.comment
