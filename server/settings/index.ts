// settings/: what can be set, where a value came from, and what is wrong with it.
export {};
