package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"tavolo/ingest"
	"tavolo/ingest/diagnostic"
)

// plainEvery is how often a run without a terminal says how far it is.
const plainEvery = 5 * time.Second

// progress shows how far ingest is: a bar on a terminal (rows, refused, MB/s,
// time left), a plain line now and then otherwise, nothing with --quiet.
type progress struct {
	app   *app
	bar   *progressbar.ProgressBar
	sizes int64 // of the files before the present one
	file  string
	total int64

	rows, refused         int64 // of the files before the present one
	fileRows, fileRefused int64
	fileSize              int64
	last                  time.Time
}

func newProgress(a *app, files []ingest.File) *progress {
	p := &progress{app: a, last: time.Now()}
	for _, file := range files {
		if info, err := os.Stat(file.Path); err == nil {
			p.total += info.Size()
		}
	}
	if !a.quiet && !a.json && isTerminal(a.stderr) {
		p.bar = progressbar.NewOptions64(p.total,
			progressbar.OptionSetWriter(a.stderr), progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(24),
			progressbar.OptionClearOnFinish(), progressbar.OptionUseIECUnits(false),
		)
	}
	return p
}

// update takes what a batch says of itself.
func (p *progress) update(now ingest.Progress) {
	if now.File != p.file {
		p.sizes += p.fileSize
		p.rows += p.fileRows
		p.refused += p.fileRefused
		p.file = now.File
	}
	p.fileSize, p.fileRows, p.fileRefused = now.Total, now.Rows, now.Refused
	line := fmt.Sprintf("%d/%d %s · %s · %s refused", now.Index, now.Of, diagnostic.Visible(filepath.Base(now.File)),
		count(int(p.rows+p.fileRows), "row"), group(int(p.refused+p.fileRefused)))
	if grown := p.sizes + now.Total; grown > p.total { // by a query, whose size nobody knew
		p.total = grown
		if p.bar != nil {
			p.bar.ChangeMax64(grown)
		}
	}
	if p.bar != nil {
		p.bar.Describe(line)
		_ = p.bar.Set64(p.sizes + now.Bytes) // a bar that cannot be drawn must not stop the work
		return
	}
	if time.Since(p.last) >= plainEvery {
		p.last = time.Now()
		p.app.say("%s · %d%%", line, 100*(p.sizes+now.Bytes)/max(p.total, 1))
	}
}

// finish clears the bar.
func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

// isTerminal tells whether a stream is shown to a person.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
