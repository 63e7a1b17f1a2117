package main

import "fmt"

func total(items []int {
	sum := 0
	for _, item := range items {
		sum += item
	}
	return sum
}

func main() {
	fmt.Println(total([]int{1, 2, 3))
	if x := 1; x > {
	}
