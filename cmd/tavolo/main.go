// Command tavolo measures what the patronati contribute and how well the
// service works, territory by territory: it ingests raw logs into a Parquet
// lake, computes indicators in SQL, and publishes reports that open from a file.
package main

import (
	"os"
	_ "time/tzdata" // Europe/Rome, also where the machine has no time-zone files
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
