; The image that a stage starts from.
(from_instruction
  (image_spec
    name: (image_name) @import.source)) @import
