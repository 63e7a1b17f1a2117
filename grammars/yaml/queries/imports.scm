; A data file imports nothing.
