package pdf

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// browser is a running Chromium that is driven over a pipe, by the DevTools
// protocol: messages of JSON that end with a zero byte.
type browser struct {
	process *exec.Cmd
	profile string // its folder, which goes with it
	said    *tail  // the end of what it wrote to its standard error
	gone    chan struct{}

	mu       sync.Mutex
	commands io.WriteCloser
	last     int
	answers  map[int]chan message
	loads    map[string]chan struct{} // session → a page was loaded in it
}

// message is a command, its answer, or an event.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// arguments are those of a browser that shows nothing, knows nobody and calls
// nowhere.
func arguments(profile string) []string {
	all := []string{"--headless", "--remote-debugging-pipe", "--user-data-dir=" + profile,
		"--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--disable-extensions", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
		"--font-render-hinting=none"}
	if os.Geteuid() == 0 { // it refuses to start as root with its sandbox
		all = append(all, "--no-sandbox")
	}
	return append(all, "about:blank")
}

// start starts a browser. It ends with the context, if not closed before.
func start(ctx context.Context, program string) (*browser, error) {
	profile, err := os.MkdirTemp("", "tavolo-chromium-")
	if err != nil {
		return nil, err
	}
	b := &browser{profile: profile, said: &tail{}, gone: make(chan struct{}), answers: map[int]chan message{}, loads: map[string]chan struct{}{}}
	b.process = exec.CommandContext(ctx, program, arguments(profile)...)
	b.process.Stderr = b.said
	b.process.WaitDelay = 5 * time.Second // for what it started itself
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(profile))
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, theirIn.Close(), ourOut.Close(), os.RemoveAll(profile))
	}
	b.process.ExtraFiles = []*os.File{theirIn, theirOut} // its descriptors 3 and 4
	b.commands = ourOut
	err = b.process.Start()
	theirIn.Close()
	theirOut.Close()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", program, err), ourOut.Close(), ourIn.Close(), os.RemoveAll(profile))
	}
	go b.listen(ourIn)
	return b, nil
}

// listen hands out what the browser says until it is gone.
func (b *browser) listen(from io.ReadCloser) {
	defer close(b.gone)
	defer from.Close()
	in := bufio.NewReaderSize(from, 1<<20)
	for {
		text, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m) != nil {
			continue
		}
		b.mu.Lock()
		answer, load := b.answers[m.ID], b.loads[m.Session]
		delete(b.answers, m.ID)
		b.mu.Unlock()
		switch {
		case m.ID != 0 && answer != nil:
			answer <- m
		case m.Method == "Page.loadEventFired" && load != nil:
			select {
			case load <- struct{}{}:
			default:
			}
		}
	}
}

// call sends a command, to a tab or with session "" to the browser, and reads
// its answer into result, which may be nil.
func (b *browser) call(ctx context.Context, session, method string, params, result any) error {
	answer := make(chan message, 1)
	b.mu.Lock()
	b.last++
	b.answers[b.last] = answer
	text, err := json.Marshal(message{ID: b.last, Session: session, Method: method, Params: params})
	if err == nil {
		_, err = b.commands.Write(append(text, 0))
	}
	b.mu.Unlock()
	if err != nil {
		return b.lost(err)
	}
	select {
	case m := <-answer:
		switch {
		case m.Error != nil:
			return fmt.Errorf("the browser refuses %s: %s", method, m.Error.Message)
		case result != nil:
			return json.Unmarshal(m.Result, result)
		}
		return nil
	case <-b.gone:
		return b.lost(nil)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// lost is the error of a browser that has gone, with its own last words.
func (b *browser) lost(cause error) error {
	words := b.said.String()
	switch {
	case words != "":
		return fmt.Errorf("the browser ended: %s", words)
	case cause != nil:
		return fmt.Errorf("the browser ended: %w", cause)
	}
	return errors.New("the browser ended")
}

// close ends the browser and removes its folder. Nothing that goes wrong here
// harms what was printed.
func (b *browser) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = b.call(ctx, "", "Browser.close", nil, nil) // it may be gone before it answers
	b.mu.Lock()
	b.commands.Close()
	b.mu.Unlock()
	select {
	case <-b.gone:
	case <-ctx.Done():
		_ = b.process.Process.Kill()
	}
	_ = b.process.Wait()
	for range 20 { // its children may write into the folder for a moment more
		if os.RemoveAll(b.profile) == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// tab is one page of the browser.
type tab struct {
	browser *browser
	session string
	load    chan struct{}
}

// tab opens a tab in which no script runs.
func (b *browser) tab(ctx context.Context) (*tab, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("the browser did not start within %s", patience))
	defer cancel()
	var made struct {
		Target string `json:"targetId"`
	}
	if err := b.call(ctx, "", "Target.createTarget", map[string]any{"url": "about:blank"}, &made); err != nil {
		return nil, err
	}
	var attached struct {
		Session string `json:"sessionId"`
	}
	if err := b.call(ctx, "", "Target.attachToTarget", map[string]any{"targetId": made.Target, "flatten": true}, &attached); err != nil {
		return nil, err
	}
	t := &tab{b, attached.Session, make(chan struct{}, 1)}
	b.mu.Lock()
	b.loads[t.session] = t.load
	b.mu.Unlock()
	if err := t.call(ctx, "Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil); err != nil {
		return nil, err
	}
	return t, t.call(ctx, "Page.enable", nil, nil)
}

func (t *tab) call(ctx context.Context, method string, params, result any) error {
	return t.browser.call(ctx, t.session, method, params, result)
}

// loaded waits until the page that was opened last is whole.
func (t *tab) loaded(ctx context.Context) error {
	select {
	case <-t.load:
		return nil
	case <-t.browser.gone:
		return t.browser.lost(nil)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// tail keeps the last line of what is written to it that is no warning.
type tail struct {
	mu   sync.Mutex
	last string
}

// Write takes in lines.
func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "dbus") {
			t.last = line
		}
	}
	return len(text), nil
}

// String gives that line.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}
