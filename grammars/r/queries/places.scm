(comment) @comment

(string) @string
