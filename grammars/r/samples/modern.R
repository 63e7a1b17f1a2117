# Valid code of R 3.6 to 4.5 that must give no finding.
square <- \(x) x^2
c(1, 2) |> sapply(\(x) x + 1) |> mean(x = _)
r"(raw "string" \n)" -> raw
`odd name` <- function(`a b` = 1, ...) { ..1; ...length() }
if (TRUE) 1 else if (FALSE) 2 else 3
for (i in seq_len(3)) { next }
while (TRUE) break
repeat { break }
x[[1]][2, , drop = FALSE]$a@b <- NULL
f(a = , b = 2, "c" = 3, `d` = 4)
y ~ x + I(x^2) | z
~ one_sided
-1:3 %in% c(1L, 0x1F, 1e-3, 2i, .5, Inf, NA_integer_)
!a && b || c; a & b | !c
x <<- 5; 6 ->> y; z = 7; a := b
pkg::fun(1); pkg:::hidden; base::`+`(1, 2)
function(x) -x
(function() 1)()
{
  a; b
}
df %>% filter(x > 1) %>%
  mutate(y = x / 2)
?help
quote(if (a) b)
'single "quoted"'
x$`odd`; x$"text"
