[
  (abstract_class_declaration)
  (interface_declaration)
  (enum_declaration)
  (object_type)
] @scope.class

[
  (function_signature)
  (method_signature)
  (abstract_method_signature)
  (call_signature)
  (construct_signature)
  (function_type)
  (constructor_type)
] @scope.function

[
  (type_alias_declaration)
  (conditional_type)
  (module)
  (internal_module)
] @scope.block
