// Package postgrestest starts a PostgreSQL server of its own for tests: in a folder
// that goes with it, on a Unix socket, without a network. A machine without the
// programs of the server fails the test, with the way to get them.
package postgrestest

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	owner = "postgres" // of the databases, which may do anything

	// Password is that of every user; no test may find it anywhere.
	Password = "Segreto-7f3a9c"
)

// Server is a running server.
type Server struct {
	folder  string
	watched io.Closer // the server ends when it is closed, also by the end of the process
	ended   chan struct{}
	number  atomic.Int64 // of the next database
}

var shared struct {
	sync.Mutex
	server *Server
}

// Shared gives the server that all tests of a process share. It ends with the process.
func Shared(t testing.TB) *Server {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		shared.server = Start(t)
	}
	return shared.server
}

// supervise runs the server until its standard input ends, and then removes its
// folder: nothing is left of it, however the test ends.
const supervise = `
programs=$1 folder=$2
"$programs/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c max_connections=40 \
	</dev/null >"$folder/log" 2>&1 & server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$folder"
`

// Start starts a server for a test that stops it.
func Start(t testing.TB) *Server {
	t.Helper()
	programs := programs(t)
	account := unprivileged(t)
	folder, err := os.MkdirTemp("", "pg") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	password := filepath.Join(folder, "password")
	if err := os.WriteFile(password, []byte(Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if account != nil {
		for _, path := range []string{folder, password} {
			if err := os.Chown(path, int(account.Uid), int(account.Gid)); err != nil {
				t.Fatal(err)
			}
		}
	}
	command := func(name string, arguments ...string) *exec.Cmd {
		cmd := exec.Command(name, arguments...)
		cmd.Dir = folder
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: account, Setpgid: true}
		cmd.Env = []string{"LC_ALL=C.UTF-8", "PATH=" + os.Getenv("PATH"), "TZ=UTC"}
		return cmd
	}
	initdb := command(filepath.Join(programs, "initdb"), "-D", filepath.Join(folder, "data"), "-U", owner,
		"-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		os.RemoveAll(folder)
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	server := command("/bin/sh", "-c", supervise, "sh", programs, folder)
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		os.RemoveAll(folder)
		t.Fatal(err)
	}
	s := &Server{folder: folder, watched: stdin, ended: make(chan struct{})}
	go func() {
		_ = server.Wait() // by a signal, as it should
		close(s.ended)
	}()
	s.await(t)
	return s
}

// await waits until the server lets somebody in.
func (s *Server) await(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		conn, err := pgconn.Connect(t.Context(), s.URL("postgres"))
		if err == nil {
			conn.Close(t.Context())
			return
		}
		if time.Now().After(end) {
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			t.Fatalf("postgres did not start: %v\n%s", err, log)
		}
	}
}

// Stop stops the server at once, in the middle of whatever it does.
func (s *Server) Stop() {
	s.watched.Close()
	<-s.ended
}

// URL is the connection string of a database, with its password.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(owner, Password), Path: "/" + database,
		RawQuery: url.Values{"host": {s.folder}}.Encode()}
	return u.String()
}

// Database makes an empty database for a test and gives its connection string.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	url, err := s.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// NewDatabase is Database for those who have no test at hand.
func (s *Server) NewDatabase(ctx context.Context) (url string, err error) {
	name := "t" + strconv.FormatInt(s.number.Add(1), 10)
	return s.URL(name), Run(ctx, s.URL("postgres"), "create database "+name)
}

// Exec runs statements on a database.
func Exec(t testing.TB, url, sql string) {
	t.Helper()
	if err := Run(t.Context(), url, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// Run is Exec for those who have no test at hand.
func Run(ctx context.Context, url, sql string) error {
	conn, err := pgconn.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return conn.Exec(ctx, sql).Close()
}

// programs gives the folder of the server's programs: where Debian has them, the
// newest version, or where they are found by name.
func programs(t testing.TB) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	newest, at := 0, ""
	for _, path := range found {
		folder := filepath.Dir(path)
		if version, err := strconv.Atoi(filepath.Base(filepath.Dir(folder))); err == nil && version > newest {
			newest, at = version, folder
		}
	}
	if at != "" {
		return at
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		t.Fatalf("the tests of PostgreSQL need its server: apt-get install postgresql (%v)", err)
	}
	return filepath.Dir(path)
}

// unprivileged gives the account that the server runs as, which may not be root.
func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	var account *user.User
	var err error
	for _, name := range []string{owner, "nobody"} {
		if account, err = user.Lookup(name); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatalf("postgres does not run as root, and there is no other account: %v", err)
	}
	var ids [2]uint32
	for i, text := range []string{account.Uid, account.Gid} {
		id, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			t.Fatal(fmt.Errorf("account %s: %w", account.Username, err))
		}
		ids[i] = uint32(id)
	}
	return &syscall.Credential{Uid: ids[0], Gid: ids[1]}
}
