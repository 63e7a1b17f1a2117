[
  (class_declaration)
  (interface_declaration)
  (trait_declaration)
  (enum_declaration)
  (anonymous_class)
] @scope.class

[
  (function_definition)
  (method_declaration)
  (anonymous_function)
  (arrow_function)
  (property_hook)
] @scope.function
