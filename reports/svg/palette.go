package svg

import (
	"fmt"
	"regexp"
	"strings"
)

// palette maps the custom properties that an option names to colours that
// ECharts can parse, and back. The stand-ins are near-white reds (#fe0000 and on) that
// no theme of ours uses.
type palette struct {
	names []string // custom properties, in the order in which they first occur
}

var (
	property = regexp.MustCompile(`var\(--[a-z0-9-]+\)`)
	standIn  = regexp.MustCompile(`(?i)#fe([0-9a-f]{4})\b|rgba?\(254, ?([0-9]+), ?([0-9]+)(?:, ?[0-9.]+)?\)`)
)

func readPalette(option string) *palette {
	p := &palette{}
	seen := map[string]bool{}
	for _, name := range property.FindAllString(option, -1) {
		if !seen[name] {
			seen[name] = true
			p.names = append(p.names, name)
		}
	}
	return p
}

// disguise puts the stand-ins into an option.
func (p *palette) disguise(option string) string {
	pairs := make([]string, 0, 2*len(p.names))
	for i, name := range p.names {
		pairs = append(pairs, name, fmt.Sprintf("#fe%04x", i))
	}
	return strings.NewReplacer(pairs...).Replace(option)
}

// restore gives an attribute its custom properties back.
func (p *palette) restore(value string) string {
	return standIn.ReplaceAllStringFunc(value, func(colour string) string {
		var high, low int
		if strings.HasPrefix(colour, "#") {
			fmt.Sscanf(colour[3:], "%02x%02x", &high, &low)
		} else {
			fmt.Sscanf(colour[strings.Index(colour, ",")+1:], "%d,%d", &high, &low)
		}
		if i := high<<8 | low; i < len(p.names) {
			return p.names[i]
		}
		return colour
	})
}
