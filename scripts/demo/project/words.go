package words

import (
	"bufio"
	"io"
	"sort"
	"strings"
)

// Count holds a word and how often it was seen.
type Count struct {
	Word  string
	Times int
}

// Frequencies counts the words that reader delivers, most frequent first.
func Frequencies(reader io.Reader) ([]Count, error) {
	seen := map[string]int{}
	scanner := bufio.NewScanner(reader)
	scanner.Split(bufio.ScanWords)
	for scanner.Scan() {
		word := strings.ToLower(scanner.Text())
		seen[word]++
	}
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	counts := make([]Count, 0, len(seen))
	for word, times := range seen {
		counts = append(counts, Count{word, times})
	}
	sort.Slice(counts, func(i, j int) bool { return counts[i].Times > counts[j].Times })
	return counts, nil
}
