package reports

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// checkInBrowser opens a built site in Chromium, from file://: accessibility by
// axe-core on each kind of page, in both languages and colour schemes; no
// violation of the policy, no message, no request outside the folder; 320
// pixels; without script; tables, search and keyboard. See html/browser.
//
// With TAVOLO_SHOTS naming a folder, screenshots are left there for people.
func checkInBrowser(t *testing.T, dir string) {
	t.Helper()
	const modules = "html/node_modules"
	if _, err := os.Stat(modules + "/playwright-core"); err != nil {
		t.Fatalf("the browser tests need what package-lock.json names: make build (%v)", err)
	}
	browser := os.Getenv("CHROMIUM")
	if browser == "" {
		browser = "/usr/bin/chromium"
	}
	if _, err := os.Stat(browser); err != nil {
		t.Fatalf("the browser tests need Chromium: apt-get install chromium, or name it in CHROMIUM (%v)", err)
	}
	arguments := []string{filepath.Join("html", "browser", "check.mjs"), dir}
	if shots := os.Getenv("TAVOLO_SHOTS"); shots != "" {
		arguments = append(arguments, shots)
	}
	command := exec.Command("node", arguments...)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("node %s: %v", arguments[0], err)
	}
	var problems []string
	if err := json.Unmarshal(out, &problems); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}
