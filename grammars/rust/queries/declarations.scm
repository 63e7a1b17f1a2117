; Functions of an impl block or a trait.
(impl_item
  body: (declaration_list
    (function_item
      name: (identifier) @name) @declaration.method))

(trait_item
  body: (declaration_list
    [
      (function_item
        name: (identifier) @name)
      (function_signature_item
        name: (identifier) @name)
    ] @declaration.method))

(function_item
  name: (identifier) @name) @declaration.function

(function_signature_item
  name: (identifier) @name) @declaration.function

[
  (struct_item
    name: (type_identifier) @name)
  (union_item
    name: (type_identifier) @name)
] @declaration.struct

(enum_item
  name: (type_identifier) @name) @declaration.enum

(enum_variant
  name: (identifier) @name) @declaration.enum-member

(trait_item
  name: (type_identifier) @name) @declaration.trait

(field_declaration
  name: (field_identifier) @name) @declaration.field

[
  (type_item
    name: (type_identifier) @name)
  (associated_type
    name: (type_identifier) @name)
] @declaration.type

(mod_item
  name: (identifier) @name) @declaration.module

(macro_definition
  name: (identifier) @name) @declaration.macro

[
  (const_item
    name: (identifier) @name)
  (static_item
    name: (identifier) @name)
] @declaration.constant

(type_parameter
  name: (type_identifier) @name) @declaration.type-parameter

(const_parameter
  name: (identifier) @name) @declaration.type-parameter

(lifetime_parameter
  name: (lifetime) @name) @declaration.type-parameter

(parameter
  pattern: [
    (identifier) @name
    (tuple_pattern
      (identifier) @name)
    (reference_pattern
      (identifier) @name)
    (struct_pattern
      (field_pattern
        name: (shorthand_field_identifier) @name))
  ]) @declaration.parameter

(closure_parameters
  [
    (identifier) @name
    (tuple_pattern
      (identifier) @name)
    (reference_pattern
      (identifier) @name)
  ] @declaration.parameter)

(let_declaration
  pattern: [
    (identifier) @name
    (mut_pattern
      (identifier) @name)
    (ref_pattern
      (identifier) @name)
  ]) @declaration.variable

(for_expression
  pattern: (identifier) @name @declaration.variable)

; A name inside a pattern binds when it starts in lower case; otherwise it is a constant or a variant.
([
  (match_pattern
    (identifier) @name)
  (tuple_pattern
    (identifier) @name)
  (tuple_struct_pattern
    type: (_)
    (identifier) @name)
  (slice_pattern
    (identifier) @name)
  (or_pattern
    (identifier) @name)
  (ref_pattern
    (identifier) @name)
  (mut_pattern
    (identifier) @name)
  (reference_pattern
    (identifier) @name)
  (captured_pattern
    .
    (identifier) @name)
  (field_pattern
    pattern: (identifier) @name)
  (field_pattern
    name: (shorthand_field_identifier) @name)
  (let_condition
    pattern: (identifier) @name)
] @declaration.variable
  (#match? @name "^[a-z_]"))

; An impl block stands in the outline under the name of its type.
(impl_item
  type: [
    (type_identifier) @name
    (generic_type
      type: (type_identifier) @name)
  ]) @declaration.section
