package svg

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
)

// skeleton is an option without its words. The words that a drawing shows stand
// in it as numbered marks, those that only a tooltip shows are left out: so the
// drawings of the same figures in two languages are one drawing, made once and
// filled twice. It is why a chart must fix its margins and not let ECharts
// measure the labels.
type skeleton struct {
	option string
	words  []string
}

// The marks are of Unicode's private use area; no text of ours holds one.
const markSign = "\ue000"

var mark = regexp.MustCompile(markSign + `([0-9]+)` + markSign)

func readSkeleton(option []byte) (*skeleton, error) {
	var tree map[string]any
	if err := json.Unmarshal(option, &tree); err != nil {
		return nil, fmt.Errorf("options: %w", err)
	}
	s := &skeleton{}
	delete(tree, "tooltip")
	for _, side := range []string{"xAxis", "yAxis"} {
		if axis, ok := tree[side].(map[string]any); ok {
			s.axis(axis)
		}
	}
	all, _ := tree["series"].([]any)
	for _, one := range all {
		if series, ok := one.(map[string]any); ok {
			s.series(series)
		}
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("options: %w", err)
	}
	s.option = string(text)
	return s, nil
}

// take keeps a word and gives its mark.
func (s *skeleton) take(word any) any {
	text, ok := word.(string)
	if !ok || text == "" {
		return word
	}
	s.words = append(s.words, text)
	return markSign + strconv.Itoa(len(s.words)-1) + markSign
}

func (s *skeleton) axis(axis map[string]any) {
	axis["name"] = s.take(axis["name"])
	if names, ok := axis["data"].([]any); ok {
		for i := range names {
			names[i] = s.take(names[i])
		}
	}
	label, _ := axis["axisLabel"].(map[string]any)
	texts, _ := label["texts"].(map[string]any)
	for _, tick := range sortedKeys(texts) {
		texts[tick] = s.take(texts[tick])
	}
}

func (s *skeleton) series(series map[string]any) {
	delete(series, "name")
	items, _ := series["data"].([]any)
	for _, one := range items {
		if item, ok := one.(map[string]any); ok {
			delete(item, "name")
		}
	}
	line, _ := series["markLine"].(map[string]any)
	rules, _ := line["data"].([]any)
	for _, one := range rules {
		rule, _ := one.(map[string]any)
		if label, ok := rule["label"].(map[string]any); ok {
			label["formatter"] = s.take(label["formatter"])
		}
	}
}

// fill gives a text of a drawing its word back.
func (s *skeleton) fill(text string) string {
	return mark.ReplaceAllStringFunc(text, func(found string) string {
		n, _ := strconv.Atoi(mark.FindStringSubmatch(found)[1])
		if n < len(s.words) {
			return s.words[n]
		}
		return ""
	})
}
