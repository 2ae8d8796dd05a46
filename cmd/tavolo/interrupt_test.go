package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tavolo/ingest/lake"
	"tavolo/ingest/project"
)

// start runs the program as a process of its own.
func start(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(self)
	cmd.Args = append([]string{"tavolo"}, args...) // TestMain acts on this name
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &stderr
}

// exited waits for a process and gives its exit status.
func exited(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	err := cmd.Wait()
	var status *exec.ExitError
	if err != nil && !errors.As(err, &status) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// await waits until something is so.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %s in a minute", what)
		}
	}
}

// TestInterrupt stops the demo while it ingests: the status is 130, the lake is
// whole, and the job done again completes it.
func TestInterrupt(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "demo")
			cmd, stderr := start(t, "demo", "--rows", "30000", dir)
			await(t, "batch", func() bool {
				found, _ := filepath.Glob(filepath.Join(dir, "lake", "*", "interactions", "metadata", "v5.metadata.json"))
				return len(found) > 0
			})
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			status := exited(t, cmd)
			if signal == os.Interrupt && (status != exitInterrupted || !strings.Contains(stderr.String(), "tavolo: interrupted; ")) {
				t.Errorf("status %d, %s", status, stderr.String())
			}
			if _, err := os.Stat(filepath.Join(dir, "publications", "current")); err == nil {
				t.Error("an interrupted run published")
			}
			tavolo(t, exitQuarantined, "-C", dir, "ingest")
			lost := one(t, dir, "select (select count(*) from interactions) - (select sum(accepted_records) from ledger where log = 'interactions') as n")
			if lost["n"] != 0.0 {
				t.Errorf("after all is done, the lake and the ledger differ by %v rows", lost["n"])
			}
			tavolo(t, exitDone, "-C", dir, "ingest")
		})
	}
}

// TestLakeInUse asks for a lake that another writer holds: reading goes on,
// writing ends with status 5.
func TestLakeInUse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	tavolo(t, exitDone, "init", dir)
	write(t, filepath.Join(dir, "tavolo.yaml"), []byte("sources:\n  - {name: a, log: agreements, files: drops/*.csv, columns: {event_id: id, happened_on: on, kind: kind, level: level}}\n"))
	write(t, filepath.Join(dir, "drops", "a.csv"), []byte("id,on,kind,level\n1,2024-03-05,tavolo_tecnico,nazionale\n"))
	tavolo(t, exitDone, "-C", dir, "ingest")
	l, err := lake.Open(t.Context(), project.Dir(dir).Lake(), lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tavolo(t, exitLakeInUse, "-C", dir, "transform")
	tavolo(t, exitLakeInUse, "-C", dir, "ingest")
	tavolo(t, exitDone, "-C", dir, "status")
	if n := one(t, dir, "select count(*) as n from agreements")["n"]; n != 1.0 {
		t.Errorf("%v rows", n)
	}
}
