; Rules inside rules: the grammar does not know a nesting selector behind others (`.dark & { … }`), the second parser no nested rule
; that starts without one (`.title { … }`), so both may be wrong about the same place.
(rule_set
  (block
    (rule_set) @tolerated))
