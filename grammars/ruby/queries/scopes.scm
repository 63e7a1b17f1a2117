[
  (class)
  (module)
  (singleton_class)
] @scope.class

[
  (method)
  (singleton_method)
  (lambda)
] @scope.function

; Blocks hold their parameters and what is first assigned in them.
(call
  block: [
    (block)
    (do_block)
  ] @scope.block)
