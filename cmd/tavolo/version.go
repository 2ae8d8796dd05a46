package main

import (
	"crypto/sha256"
	"debug/elf"
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

// program names the code of this program by a SHA-256: of the build id that Go's linker
// left in it, which follows from all that it was built of, else of its file; "" when that
// cannot be read, as when it has been replaced while it runs. The file has 150 MB, which
// take longer to hash than a page takes to write.
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
	if id := buildID(file); id != "" {
		io.WriteString(sum, "build id "+id)
	} else if _, err := io.Copy(sum, file); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// buildID gives the build id of an executable of Linux; "" of any other, and of one that
// was built without.
func buildID(executable io.ReaderAt) string {
	binary, err := elf.NewFile(executable)
	if err != nil {
		return ""
	}
	defer binary.Close()
	section := binary.Section(".note.go.buildid")
	if section == nil {
		return ""
	}
	note, err := section.Data()
	const head = 3*4 + len("Go\x00\x00") // the lengths of name and text, the type, the name
	if err != nil || len(note) < head {
		return ""
	}
	length := int(binary.ByteOrder.Uint32(note[4:]))
	if length > len(note)-head {
		return ""
	}
	return string(note[head : head+length])
}
