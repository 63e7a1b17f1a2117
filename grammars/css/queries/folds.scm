[
  (block)
  (keyframe_block_list)
  (arguments)
] @fold

(import_statement) @fold.imports

(comment) @fold.comment
