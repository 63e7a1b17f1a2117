total <- function(items {
  sum(items)
}

value <- c(1, 2, 3
print(value)

if (value > 1 {
  print("big")
}
