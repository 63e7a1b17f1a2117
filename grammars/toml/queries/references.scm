; A data file uses no names.
