(pair
  key: (string) @name) @declaration.key
