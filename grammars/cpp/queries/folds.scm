[
  (declaration_list)
  (template_parameter_list)
  (raw_string_literal)
] @fold
