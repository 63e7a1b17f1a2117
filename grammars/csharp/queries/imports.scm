(using_directive
  !name
  [
    (identifier)
    (qualified_name)
    (alias_qualified_name)
  ] @import.source) @import

(using_directive
  name: (identifier) @import.alias
  [
    (identifier)
    (qualified_name)
    (alias_qualified_name)
    (generic_name)
    (tuple_type)
    (predefined_type)
  ] @import.source @import.name) @import

(extern_alias_directive
  name: (identifier) @import.source @import.name) @import
