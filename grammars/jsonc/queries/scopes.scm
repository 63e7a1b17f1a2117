; As JSON.
