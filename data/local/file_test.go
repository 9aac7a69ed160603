package local

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"trolley/data"
)

func TestFileIsForThisUserOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // permissions there come from the folder above
	}
	dir := filepath.Join(t.TempDir(), "new", "folder")
	s := open(t, Config{Dir: dir})
	for path, want := range map[string]fs.FileMode{dir: 0o700, s.Path(): 0o600, s.Path() + "-wal": 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestDurabilitySettingsHold(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	settings := map[string]string{"journal_mode": "wal", "synchronous": "2", "fullfsync": "1", "checkpoint_fullfsync": "1",
		"busy_timeout": "10000", "application_id": "1416785017", "user_version": "2"}
	conns := map[string]interface {
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}{"writer": s.writer.conn, "reader": s.readers}
	for name, conn := range conns {
		for pragma, want := range settings {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s is %q (%v), want %q", name, pragma, got, err, want)
			}
		}
	}
}

func TestCloseLeavesTheFileAlone(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{Dir: dir})
	stock(t, s, "espresso")
	e := do(t, s, add("espresso", 2))
	closeStore(t, s)
	// SQLite removes its side files when the last connection is closed.
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("the folder holds %v (%v), want the shop's file only", files, err)
	}
	again := open(t, Config{Dir: dir})
	if got := read(t, again, "").Cart.Token; got != e.Token {
		t.Errorf("the cart's token is %q after opening again, want %q", got, e.Token)
	}
}

func TestShopsAreApart(t *testing.T) {
	dir := t.TempDir()
	one, err := Open(t.Context(), Config{Dir: dir, Shop: "one"})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, one)
	stock(t, one, "espresso")
	two := open(t, Config{Dir: dir})
	if _, err := two.Product(t.Context(), "espresso"); !errors.Is(err, data.ErrUnknownProduct) {
		t.Errorf("product of the other shop: %v", err)
	}
	var bad *data.InvalidError
	if _, err := Open(t.Context(), Config{Dir: dir, Shop: "../x"}); !errors.As(err, &bad) {
		t.Errorf("hostile shop name: %v", err)
	}
}

func TestFolderWithOddCharacters(t *testing.T) {
	s := open(t, Config{Dir: filepath.Join(t.TempDir(), "Größe 100%25 #1 & so")})
	stock(t, s, "espresso")
	if _, err := os.Stat(s.Path()); err != nil {
		t.Error(err)
	}
}

// shopFile makes a sound shop's file with 2,000 products in a new folder.
func shopFile(t *testing.T) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	s := open(t, Config{Dir: dir})
	sqlExec(t, s.Path(), numbers(2000)+"INSERT INTO product SELECT 'p-' || value, 'Product ' || value, value, '', NULL FROM n")
	closeStore(t, s)
	return dir, s.Path()
}

func TestUnusableFileIsNamedAndLeftAsItIs(t *testing.T) {
	cases := map[string]struct {
		spoil func(t *testing.T, path string)
		want  data.Fault
	}{
		"newer":           {func(t *testing.T, path string) { sqlExec(t, path, "PRAGMA user_version=99") }, data.FaultNewer},
		"another program": {func(t *testing.T, path string) { sqlExec(t, path, "PRAGMA application_id=7") }, data.FaultForeign},
		"no id":           {func(t *testing.T, path string) { sqlExec(t, path, "PRAGMA application_id=0") }, data.FaultForeign},
		"a text": {func(t *testing.T, path string) {
			rewrite(t, path, func([]byte) []byte { return []byte(strings.Repeat("Dear diary, ", 1000)) })
		}, data.FaultForeign},
		"truncated": {func(t *testing.T, path string) {
			rewrite(t, path, func(b []byte) []byte { return b[:len(b)/2] })
		}, data.FaultFile},
		"overwritten": {func(t *testing.T, path string) {
			rewrite(t, path, func(b []byte) []byte { copy(b[4096*10:], bytes.Repeat([]byte("garbage!"), 4096)); return b })
		}, data.FaultFile},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir, path := shopFile(t)
			c.spoil(t, path)
			before := contents(t, path)
			wantFault(t, dir, path, c.want)
			if !bytes.Equal(contents(t, path), before) {
				t.Error("the file was changed")
			}
		})
	}
}

func wantFault(t *testing.T, dir, path string, want data.Fault) {
	t.Helper()
	s, err := Open(t.Context(), Config{Dir: dir, Shop: "main"})
	if err == nil {
		closeStore(t, s)
	}
	var u *data.UnavailableError
	if !errors.As(err, &u) || u.Fault != want || u.Addr != path {
		t.Errorf("opened with %v, want fault %q of %s", err, want, path)
	}
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func rewrite(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	if err := os.WriteFile(path, change(contents(t, path)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFolderThatIsAFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantFault(t, dir, filepath.Join(dir, "shop-main.db"), data.FaultFile)
}

// readOnlyDir is a folder that everybody may look into and nobody write to.
func readOnlyDir(t *testing.T, withFile bool) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "trolley-readonly-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o700)
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if withFile {
		s := open(t, Config{Dir: dir})
		closeStore(t, s)
		if err := os.Chmod(s.Path(), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestReadOnlyIsNamed(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // folders there have no such mode
	}
	for name, withFile := range map[string]bool{"folder": false, "file": true} {
		t.Run(name, func(t *testing.T) {
			got := startChild(t, "open", readOnlyDir(t, withFile)).rest()
			if want := `fault "read only"`; len(got) != 1 || got[0] != want {
				t.Errorf("opening says %q, want %q", got, want)
			}
		})
	}
}

func TestFullDiskIsNamedAndChangesNothing(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	first := do(t, s, add("espresso", 1))
	if _, err := s.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count=1"); err != nil {
		t.Fatal(err)
	}
	last, err := fill(t, s)
	if got := data.FaultOf(err); got != data.FaultFull {
		t.Fatalf("got %v, want fault %q", err, data.FaultFull)
	}
	if got := read(t, s, "").Cart.Token; got.Version != first.Token.Version+last {
		t.Errorf("the cart is at %q after %d changes", got, last+1)
	}
	if _, err := s.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count=100000"); err != nil {
		t.Fatal(err)
	}
	do(t, s, add("espresso", 1)) // and goes on when there is room again
}

// fill makes changes until one fails, and returns how many succeeded.
func fill(t *testing.T, s *Store) (done int64, err error) {
	for range 10_000 {
		if _, err := s.Apply(t.Context(), theCart, add("espresso", 1)); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

func TestStoreStopsWritingWhenANewerProgramTookTheFile(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	do(t, s, add("espresso", 1))
	sqlExec(t, s.Path(), "PRAGMA user_version=99")
	_, err := s.Apply(t.Context(), theCart, add("espresso", 1))
	if got := data.FaultOf(err); got != data.FaultNewer {
		t.Errorf("got %v, want fault %q", err, data.FaultNewer)
	}
	if l, _ := read(t, s, "").Cart.Line("espresso"); l.Quantity != 1 {
		t.Errorf("the cart holds %d, want 1", l.Quantity)
	}
}
