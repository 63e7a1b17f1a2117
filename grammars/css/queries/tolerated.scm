; A nesting selector that does not stand first (`.dark & { … }`), which the second parser does not know either.
((ERROR) @tolerated
  (#match? @tolerated "^&"))
