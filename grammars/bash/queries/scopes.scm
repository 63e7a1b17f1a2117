(function_definition) @scope.function

(subshell) @scope.block
