(block_mapping_pair
  key: (_) @name) @declaration.key

(flow_pair
  key: (_) @name) @declaration.key

(anchor
  (anchor_name) @name) @declaration.label
