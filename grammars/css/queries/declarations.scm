; A custom property is a variable.
((declaration
  (property_name) @name) @declaration.variable
  (#match? @name "^--"))

; Rules make the outline, each under its first selector.
(rule_set
  (selectors
    .
    (_) @name)) @declaration.section

(keyframes_statement
  (keyframes_name) @name) @declaration.section

(media_statement
  .
  (_) @name) @declaration.section

(supports_statement
  .
  (_) @name) @declaration.section

(at_rule
  (at_keyword) @name) @declaration.section
