(import_spec
  name: [
    (package_identifier)
    (dot)
    (blank_identifier)
  ] @import.alias
  path: (_
    (_) @import.source @import.name)) @import

; Without a name of its own a package is used by the last part of its path.
(import_spec
  !name
  path: (_
    (_) @import.package)) @import
