// Command bench compares "tavolo ingest" with DuckDB doing the same job in SQL:
// whole processes on one file of contacts, in turns, so that whatever else the
// machine does weighs on both.
//
//	go run ./testdata/bench -rows 10000000
//
// It prints the wall and processor time and the peak resident memory of every
// run, and the ratio of the medians. The file has Italian shapes: semicolons,
// times as dd/MM/yyyy HH:mm:ss, valid codici fiscali, a few rows of every thousand
// bad or twice. What DuckDB does is in duckdb.sql. It is spared two things: the
// check character of the codice fiscale and the time zone.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"tavolo/sql"
)

func main() {
	rows := flag.Int("rows", 1_000_000, "rows of the file")
	rounds := flag.Int("rounds", 3, "runs of each")
	ordered := flag.Bool("ordered", false, "rows in the order of their months, not at random")
	tavolo := flag.String("tavolo", "build/tavolo", "the program to measure")
	only := flag.String("only", "", "run only tavolo, or only duckdb")
	keep := flag.String("keep", "", "make the file in this folder, and use the one that is there")
	query := flag.String("duckdb", "", "be the other process: run duckdb.sql in this folder")
	flag.Parse()
	var err error
	if *query != "" {
		err = runDuckDB(context.Background(), *query)
	} else {
		err = compare(*keep, *tavolo, *only, *rows, *rounds, *ordered)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// cost is what one process took.
type cost struct {
	wall, processor time.Duration
	memory          int64 // bytes resident at most
}

func compare(dir, tavolo, only string, rows, rounds int, ordered bool) error {
	tavolo, err := filepath.Abs(tavolo)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "tavolo-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	size, err := prepare(dir, rows, ordered)
	if err != nil {
		return err
	}
	fmt.Printf("%d contacts, %.0f MB\n", rows, float64(size)/1e6)
	var ours, theirs []cost
	for range rounds {
		if only != "duckdb" {
			one, err := ingest(dir, tavolo)
			if err != nil {
				return err
			}
			ours = append(ours, one)
			show("tavolo", one)
		}
		if only != "tavolo" {
			one, err := measure(exec.Command(self, "-duckdb", dir), 0)
			if err != nil {
				return err
			}
			theirs = append(theirs, one)
			show("duckdb", one)
		}
	}
	if len(ours) > 0 && len(theirs) > 0 {
		fmt.Printf("wall time: DuckDB takes %.2f times as long; processor time: %.2f times\n",
			median(theirs, cost.wallSeconds)/median(ours, cost.wallSeconds),
			median(theirs, cost.processorSeconds)/median(ours, cost.processorSeconds))
	}
	return nil
}

func (c cost) wallSeconds() float64      { return c.wall.Seconds() }
func (c cost) processorSeconds() float64 { return c.processor.Seconds() }

func median(costs []cost, of func(cost) float64) float64 {
	values := make([]float64, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func show(name string, c cost) {
	fmt.Printf("%-7s %7.2f s   %7.2f s of processor   %5.0f MB\n", name, c.wall.Seconds(), c.processor.Seconds(), float64(c.memory)/1e6)
}

// prepare makes the file and what either needs beside it.
func prepare(dir string, rows int, ordered bool) (size int64, err error) {
	path := filepath.Join(dir, "contacts.csv")
	if _, err := os.Stat(path); err != nil {
		if err := writeContacts(path, rows, ordered); err != nil {
			return 0, err
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "seeds")); err != nil {
		return 0, err
	}
	if err := os.CopyFS(filepath.Join(dir, "seeds"), sql.Seeds()); err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// ingest measures "tavolo ingest" into an empty lake.
func ingest(dir, tavolo string) (cost, error) {
	project := filepath.Join(dir, "project")
	if err := os.RemoveAll(project); err != nil {
		return cost{}, err
	}
	if out, err := exec.Command(tavolo, "init", project).CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("%w: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(project, "tavolo.yaml"), []byte(mapping), 0o644); err != nil {
		return cost{}, err
	}
	if err := os.Link(filepath.Join(dir, "contacts.csv"), filepath.Join(project, "drops", "contacts.csv")); err != nil {
		return cost{}, err
	}
	const someRefused = 3
	return measure(exec.Command(tavolo, "--project", project, "--quiet", "ingest"), someRefused)
}

// measure runs a process that may end with one status beside 0.
func measure(cmd *exec.Cmd, status int) (cost, error) {
	cmd.Stderr = os.Stderr
	begin := time.Now()
	err := cmd.Run()
	wall := time.Since(begin)
	if cmd.ProcessState == nil || err != nil && cmd.ProcessState.ExitCode() != status {
		return cost{}, fmt.Errorf("%s: %w", cmd, err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, fmt.Errorf("%s: this system does not tell what a process used", cmd)
	}
	return cost{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), usage.Maxrss * 1024}, nil
}
