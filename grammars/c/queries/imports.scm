(preproc_include
  path: [
    (system_lib_string) @import.source
    (string_literal
      (string_content) @import.source)
  ]) @import
