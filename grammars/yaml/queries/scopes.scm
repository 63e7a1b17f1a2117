; Keys are outline only: every key is known in the whole file.
