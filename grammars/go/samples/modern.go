// Valid code of Go up to 1.25 that must give no finding.
package modern

import (
	. "fmt"
	_ "embed"
	m "maps"
)

type (
	Set[T comparable]         = map[T]struct{}
	List[T any]               struct{ next *List[T]; value T }
	Number                    interface{ ~int | ~int64; comparable }
	Tree[T interface{ *int }] struct{ left, right *Tree[T] }
	Fn                        func(int, ...string) (n int, err error)
)

const (
	A, B = iota, 1 << iota
	_, _
	C, D
	Big  = 1_000_000.5e-3i + 0x1p-2 + 0b11 + 0o17 + 'x' + '\u00e9'
)

var x, y = 1, `raw
text`

func (l *List[T]) All() func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		for i := range 10 {
			if !yield(i, l.value) {
				return
			}
		}
	}
}

func Map[K comparable, V any, M ~map[K]V](in M, f func(V) V) (out M) {
	out = make(M, len(in))
	for k, v := range in {
		out[k] = f(v)
	}
	for range 3 {
	}
	for range m.Keys(in) {
	}
	clear(in)
	_ = min(1, max(2, 3))
	return
}

func main() {
	ch := make(chan<- int, 1)
	var in <-chan int
	select {
	case v, ok := <-in:
		Println(v, ok)
	case ch <- 1:
	default:
	}
	switch z := any(x).(type) {
	case nil, *int, []string, map[string]func():
		fallthrough_(z)
	}
	switch a := x; {
	case a > 1:
		fallthrough
	case a < 0, a == 3:
		goto end
	}
	defer func() { recover() }()
	s := []struct{ a, b int }{{1, 2}, {a: 3}}
	arr := [...]string{2: "c", "d"}
	p := &s[0:1:2][0].a
	*p++
	go Map[string, int](nil, func(v int) int { return v &^ 1 })
	var _ interface{ M() } = (*T)(nil)
	if v, err := f(); err != nil {
	} else if v := v; v {
	}
	_ = [4]int(arr2)
end:
	_ = arr
}
