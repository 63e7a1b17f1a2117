(variable) @reference.read
