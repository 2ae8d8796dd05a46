package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"tavolo/ingest/postgres/postgrestest"
)

var update = flag.Bool("update", false, "write what the program printed into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tavolo": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs whole sessions that a user could type.
func TestScripts(t *testing.T) {
	commands := servers(func() *postgrestest.Server { return postgrestest.Shared(t) })
	commands["exits"] = exits
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		RequireExplicitExec: false,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TAVOLO_NOW", "2024-05-02T09:00:00+02:00")
			return littleCountry(filepath.Join(env.WorkDir, "little"), "05", "06")
		},
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("no such condition")
		},
		Cmds: commands,
	})
}
