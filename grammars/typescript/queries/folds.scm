[
  (interface_body)
  (object_type)
  (enum_body)
  (type_parameters)
] @fold
