[
  (block)
  (field_declaration_list)
  (interface_type)
  (literal_value)
  (argument_list)
  (parameter_list)
  (const_declaration)
  (var_declaration)
  (type_declaration)
  (expression_switch_statement)
  (type_switch_statement)
  (select_statement)
  (expression_case)
  (type_case)
  (communication_case)
  (default_case)
  (raw_string_literal)
] @fold

(import_declaration) @fold.imports

(comment) @fold.comment
