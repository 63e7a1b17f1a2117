; The names of a page belong to the whole page.
