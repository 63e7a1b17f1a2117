// Package server keeps a small store and serves it.
package server

import (
	"context"
	"fmt"
	str "strings"
	_ "embed"
	. "math"
)

import "os"

const Version = "1.0"

const (
	Red Color = iota
	Green
)

var (
	store       = map[string]*Item{}
	first, last int
)

type Color int

type Alias = map[string]Color

type Number interface {
	~int | ~float64
	fmt.Stringer
	Value(scale int) (result float64, err error)
}

type Item struct {
	Name, Label string `json:"name"`
	Price       float64
	tags        []string
	*Base
	inner struct{ depth int }
}

type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

type Handler func(ctx context.Context, items ...Item) error

func (s *Server[T]) Load(ctx context.Context, path string) (items []Item, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	} else if size := len(data); size > 10 {
		fmt.Println(size)
	}
	for i, line := range str.Split(string(data), "\n") {
		items = append(items, Item{Name: line, Price: Sqrt(float64(i))})
	}
	for n := 0; n < 3; n++ {
		s.count += n
	}
	switch value := any(items).(type) {
	case []Item:
		fmt.Println(value)
	default:
		break
	}
	select {
	case message, ok := <-s.inbox:
		fmt.Println(message, ok)
	case <-ctx.Done():
	}
	return
}

func Map[T, U any](in []T, apply func(T) U) []U {
	out := make([]U, 0, len(in))
outer:
	for _, value := range in {
		var extra, more int = 1, 2
		if extra > more {
			continue outer
		}
		out = append(out, apply(value))
	}
	return out
}

func main() {
	defer func(name string) {
		if r := recover(); r != nil {
			go fmt.Println(name, r)
		}
	}("x")
	pair := Pair[string, int]{Key: "a"}
	pair.Key, store["x"] = "b", &Item{}
	doubled := Map[int, int]([]int{1, 2}, func(x int) int { return x * 2 })
	_ = doubled
}
