package project

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tavolo/ingest/diagnostic"
	"tavolo/ingest/pseudonym"
)

//go:embed tavolo.yaml
var template []byte

//go:embed kpis.yml
var indicators []byte

// Init makes a project in dir, which may exist but not hold one already:
// the folders, a commented tavolo.yaml, a kpis.yml that is nothing but an
// example, and a fresh master key for the pseudonyms. Config is the text to use in place of the commented one; nil
// takes that. Nothing that exists is overwritten.
func Init(dir string, config []byte) (*Project, error) {
	d := Dir(dir)
	if _, err := os.Stat(d.Config()); err == nil {
		return nil, &diagnostic.Error{
			File: d.Config(), Err: fs.ErrExist,
			Hint: "this folder already is a project; nothing was changed",
		}
	}
	for _, folder := range []struct {
		path string
		mode fs.FileMode
	}{
		{dir, 0o755},
		{d.Reference(), 0o755},
		{d.Drops(), 0o755},
		{d.OwnMarts(), 0o755},
		{d.Quarantine(), 0o700},
		{d.Publications(), 0o755},
	} {
		if err := os.MkdirAll(folder.path, folder.mode); err != nil {
			return nil, fmt.Errorf("%s: %w", folder.path, cause(err))
		}
	}
	if err := makeKey(d.PersonKey()); err != nil {
		return nil, err
	}
	if _, err := os.Stat(d.OwnIndicators()); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(d.OwnIndicators(), indicators, 0o644); err != nil {
			return nil, fmt.Errorf("%s: %w", d.OwnIndicators(), cause(err))
		}
	}
	if config == nil {
		config = template
	}
	if err := os.WriteFile(d.Config(), config, 0o644); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Config(), cause(err))
	}
	return Open(dir)
}

// makeKey writes a new master key, unless there is one: pseudonyms made with
// a lost key can never be joined again, so a key is not replaced.
func makeKey(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	defer f.Close()
	master, err := pseudonym.NewMaster()
	if err != nil {
		return err
	}
	if _, err := f.WriteString(pseudonym.Text(master)); err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	return f.Sync()
}

// KeyVariable is the environment variable that may hold the master key
// instead of the file, so that the key need not be on the machine's disk.
const KeyVariable = "TAVOLO_PERSON_KEY"

// Master gives the master key of the pseudonyms: from env (the value of
// KeyVariable) or, when that is empty, from the file, which nobody else may read.
func (d Dir) Master(env string) ([]byte, error) {
	if env != "" {
		master, err := pseudonym.Parse(env)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", KeyVariable, err)
		}
		return master, nil
	}
	info, err := os.Stat(d.PersonKey())
	if err != nil {
		return nil, &diagnostic.Error{
			File: d.PersonKey(), Err: cause(err),
			Hint: "pseudonyms need the key that \"tavolo init\" made; restore it from a backup or set " + KeyVariable,
		}
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, &diagnostic.Error{
			File: d.PersonKey(), Err: fmt.Errorf("mode %04o lets others read the key", info.Mode().Perm()),
			Hint: "chmod 600 " + d.PersonKey(),
		}
	}
	text, err := os.ReadFile(d.PersonKey())
	if err != nil {
		return nil, &diagnostic.Error{File: d.PersonKey(), Err: cause(err)}
	}
	master, err := pseudonym.Parse(string(text))
	if err != nil {
		return nil, &diagnostic.Error{File: d.PersonKey(), Line: 1, Err: err}
	}
	return master, nil
}
