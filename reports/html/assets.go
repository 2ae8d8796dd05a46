package html

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"tavolo/ingest/diagnostic"
)

// assets holds what the build takes from npm. The folder always exists, its
// content does not: assets/README.md says what belongs there.
//
//go:generate npm run --silent assets
//go:embed assets
var assets embed.FS

// ErrNotBuilt tells that the program was built without the files from npm.
var ErrNotBuilt = errors.New("not part of this build of the program")

// ChartLibrary gives the text of echarts.min.js, or ErrNotBuilt.
func ChartLibrary() ([]byte, error) { return asset("echarts.min.js") }

func asset(name string) ([]byte, error) {
	text, err := assets.ReadFile("assets/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, diagnostic.Hinted(fmt.Errorf("%s: %w", name, ErrNotBuilt),
			`"make build" fetches it and builds the program again`)
	}
	return text, err
}
