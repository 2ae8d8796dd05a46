package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"tavolo/transform/duckdb"
)

// version is the program's own; publiccode.yml names the same.
const version = "0.1.0"

// engineModules are the libraries whose versions decide what a lake and its
// figures look like.
var engineModules = map[string]string{
	"arrow":   "github.com/apache/arrow-go/v18",
	"iceberg": "github.com/apache/iceberg-go",
}

// versions gives the version of the program and of what it computes with.
func versions() map[string]string {
	v := map[string]string{"tavolo": version, "go": runtime.Version(), "duckdb": duckdb.Version()}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for name, path := range engineModules {
		for _, module := range build.Deps {
			if module.Path == path {
				v[name] = module.Version
			}
		}
	}
	return v
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the program and of its engines",
		Long: `version prints the versions of tavolo and of DuckDB, Arrow and Iceberg, which decide
what a lake and its figures look like.

Exit status: 0 done · 2 usage.`,
		Example: "  tavolo version --json",
		RunE: func(_ *cobra.Command, _ []string) error {
			v := versions()
			if a.json {
				return json.NewEncoder(a.stdout).Encode(v)
			}
			fmt.Fprintf(a.stdout, "tavolo %s\n", v["tavolo"])
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if name != "tavolo" {
					fmt.Fprintf(a.stdout, "  %-8s %s\n", name, v[name])
				}
			}
			return nil
		},
	}
}

// program names the code of this program by a hash of its file; "" when the file
// cannot be read, as when it has been replaced while it runs.
func program() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}
