((plain_value) @reference.read
  (#match? @reference.read "^--"))

(function_name) @reference.call

(class_name
  (identifier) @reference.read)

(id_name) @reference.read

; The names of pseudo-classes are part of the language.
(pseudo_class_selector
  (class_name
    (identifier) @reference.none))
