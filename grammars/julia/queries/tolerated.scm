; Constant fields of a mutable struct (Julia 1.8). They throw the parser so far off that the error may hold the whole file.
((ERROR) @tolerated
  (#match? @tolerated "(^|\\n)\\s*const\\s+\\w+(::[^=\\n]*)?\\s*(\\n|$)"))
