// protocol/: the LSP border. Everything that knows a wire type of the protocol in both directions.
export {};
