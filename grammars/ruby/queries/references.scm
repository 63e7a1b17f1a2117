(call
  method: [
    (identifier)
    (constant)
  ] @reference.call)

; Names of classes and modules by their place.
(superclass
  [
    (constant) @reference.type
    (scope_resolution
      name: (constant) @reference.type)
  ])

(exceptions
  [
    (constant) @reference.type
    (scope_resolution
      name: (constant) @reference.type)
  ])

(call
  method: (identifier) @_mixin
  arguments: (argument_list
    [
      (constant) @reference.type
      (scope_resolution
        name: (constant) @reference.type)
    ])
  (#any-of? @_mixin "include" "extend" "prepend"))

(pattern
  (constant) @reference.type)

(as_pattern
  value: (constant) @reference.type)

; `Store.new` and `Store::open` name a class.
(call
  receiver: [
    (constant) @reference.type
    (scope_resolution
      name: (constant) @reference.type)
  ])

[
  (instance_variable)
  (class_variable)
] @reference.member

[
  (identifier)
  (constant)
  (global_variable)
] @reference.read
