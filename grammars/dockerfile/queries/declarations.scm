; A stage is named by `AS`, otherwise by its image.
(from_instruction
  as: (image_alias) @name) @declaration.module

(from_instruction
  (image_spec
    name: (image_name) @name)
  !as) @declaration.section

(arg_instruction
  (arg_pair
    name: (unquoted_string) @name) @declaration.variable)

(env_instruction
  (env_pair
    name: (unquoted_string) @name) @declaration.variable)

(label_instruction
  (label_pair
    key: (_) @name) @declaration.key)
