#!/usr/bin/env Rscript
# Reads prices and summarises them.
library(dplyr)
require("ggplot2")
requireNamespace("jsonlite", quietly = TRUE)
source("helpers.R")

LIMIT <- 10
total = 0
3 -> count
counter <<- 1
names(total) <- "sum"

#' Loads one file.
load_prices <- function(path, sep = ",", ..., verbose = FALSE) {
  raw <- utils::read.csv(path, sep = sep)
  if (verbose) {
    message("rows: ", nrow(raw))
  } else if (is.null(raw$price)) {
    stop("no price")
  }
  for (row in seq_len(nrow(raw))) {
    value <- raw[row, "price"]
    raw$scaled[[row]] <- value * LIMIT
  }
  while (total < LIMIT) {
    total <- total + 1
    if (total == 3) next
    if (total == 5) break
  }
  repeat {
    break
  }
  result <- tryCatch({
    parse_all(raw)
  }, error = function(e) {
    warning(conditionMessage(e))
    NULL
  }, finally = close(con))
  squares <- sapply(1:10, \(x) x^2)
  kind <- switch(path,
    a = "first",
    "other"
  )
  summary <- raw |>
    filter(price > 1) %>%
    mutate(rate = price / total, `odd name` = 1)
  invisible(summary)
}

area <- \(w, h = w) w * h

setClass("Person", representation(name = "character"))
setGeneric("greet", function(object) standardGeneric("greet"))
setMethod("greet", "Person", function(object) cat(object@name))

Account <- R6::R6Class("Account",
  public = list(
    balance = 0,
    deposit = function(amount) {
      self$balance <- self$balance + amount
      invisible(self)
    }
  )
)

model <- lm(price ~ size + log(rooms), data = load_prices("prices.csv"))
model$coefficients[["size"]] -> slope
print.account <- function(x, ...) NextMethod()
print(area(2)); x <- c(a = 1, TRUE, NA, 1e3L, 0x1F, 'text', -Inf)
