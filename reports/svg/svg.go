// Package svg draws charts without a browser: it runs ECharts' own server-side
// renderer in an embedded JavaScript engine and gives back SVG that may stand
// in a page of strict security.
//
// What ECharts draws is not yet fit for that, so every drawing is rewritten:
//
//   - style attributes and style elements become presentation attributes: the
//     page's Content-Security-Policy forbids inline styles;
//   - ids begin with the chart's own id: two charts of a page never share one;
//   - a title and a description in the page's language, and role="img", make
//     the drawing an image with a text alternative;
//   - colours are custom properties of the page's style sheet (`var(--accent)`
//     in the options stays `var(--accent)` in the drawing), so that a drawing
//     follows the dark colour scheme and the print style;
//   - metadata for ECharts' own hydration and its random numbers are gone: the
//     same options give the same bytes.
package svg

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"sync"

	"github.com/dop251/goja"
)

//go:embed render.js
var harness string

// Library is the compiled chart library. It may be used from several goroutines.
// It remembers what its renderers have drawn: see skeleton.
type Library struct {
	script, harness *goja.Program
	drawn           sync.Map // option, width and height → what ECharts drew
}

// Compile parses the text of echarts.min.js, once for all renderers (about 0.2 s).
func Compile(script []byte) (*Library, error) {
	if len(script) == 0 {
		return nil, errors.New("the text of the chart library is empty")
	}
	library, err := goja.Compile("echarts.min.js", string(script), false)
	if err != nil {
		return nil, fmt.Errorf("the chart library: %w", err)
	}
	wrapped, err := goja.Compile("render.js", harness, true)
	if err != nil {
		return nil, err
	}
	return &Library{script: library, harness: wrapped}, nil
}

// Renderer draws one chart after another; it must not be used from two goroutines.
type Renderer struct {
	library *Library
	vm      *goja.Runtime
	render  goja.Callable
}

// Renderer starts a JavaScript engine with the library in it (about 0.1 s).
func (l *Library) Renderer() (*Renderer, error) {
	vm := goja.New()
	for _, program := range []*goja.Program{l.script, l.harness} {
		if _, err := vm.RunProgram(program); err != nil {
			return nil, fmt.Errorf("the chart library: %w", err)
		}
	}
	render, ok := goja.AssertFunction(vm.Get("render"))
	if !ok {
		return nil, errors.New("the chart library: render.js defines no function render")
	}
	return &Renderer{l, vm, render}, nil
}

// Drawing says how a chart is to appear.
type Drawing struct {
	ID            string // unique in the page, fixed from run to run
	Title         string // its name, in the page's language
	Description   string // what it shows, in the page's language
	Lang          string // language of both: it, en
	Width, Height int    // in CSS pixels; the drawing scales with its container
}

// Render draws the chart that the JSON of its options describes. Labels of the
// options are put in as they are; margins must leave room for them, as nothing
// is measured (grid.containLabel has no effect that could be relied on).
func (r *Renderer) Render(option json.RawMessage, d Drawing) ([]byte, error) {
	s, err := readSkeleton(option)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", d.ID, err)
	}
	p := readPalette(s.option)
	drawn, err := r.draw(s.option, p, d)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", d.ID, err)
	}
	out, err := rewrite(drawn, s, p, d)
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", d.ID, err)
	}
	return out, nil
}

func (r *Renderer) draw(option string, p *palette, d Drawing) (string, error) {
	key := fmt.Sprintf("%d %d %s", d.Width, d.Height, option)
	if known, ok := r.library.drawn.Load(key); ok {
		return known.(string), nil
	}
	drawn, err := r.render(goja.Undefined(), r.vm.ToValue(p.disguise(option)), r.vm.ToValue(d.Width), r.vm.ToValue(d.Height))
	if err != nil {
		return "", err
	}
	r.library.drawn.Store(key, drawn.String())
	return drawn.String(), nil
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
