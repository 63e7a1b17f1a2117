[
  (run_instruction)
  (copy_instruction)
  (label_instruction)
  (env_instruction)
  (cmd_instruction)
  (entrypoint_instruction)
  (healthcheck_instruction)
  (heredoc_block)
] @fold

(comment) @fold.comment
