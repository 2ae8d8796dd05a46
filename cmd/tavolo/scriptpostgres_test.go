package main

import (
	"context"

	"github.com/rogpeppe/go-internal/testscript"

	"tavolo/ingest/postgres/postgrestest"
)

// servers gives the script commands of a PostgreSQL server, which starts with the
// first script that asks for it.
//
//	database VAR       makes an empty database, its connection string in VAR
//	query VAR FILE     runs the statements in FILE on it
func servers(share func() *postgrestest.Server) map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"database": func(ts *testscript.TestScript, neg bool, args []string) {
			if neg || len(args) != 1 {
				ts.Fatalf("usage: database VAR")
			}
			url, err := share().NewDatabase(context.Background())
			ts.Check(err)
			ts.Setenv(args[0], url)
		},
		"query": func(ts *testscript.TestScript, neg bool, args []string) {
			if neg || len(args) != 2 {
				ts.Fatalf("usage: query VAR FILE")
			}
			ts.Check(postgrestest.Run(context.Background(), ts.Getenv(args[0]), ts.ReadFile(args[1])))
		},
	}
}
