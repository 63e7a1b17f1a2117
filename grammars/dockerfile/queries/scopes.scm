; Names of a stage are known to the end of the file.
