package local

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"trolley/data"
)

// preflight returns what was found, as "stage verdict fault" each, and the error.
func preflight(t *testing.T, s *Store) (found []string, err error) {
	t.Helper()
	err = s.Preflight(t.Context(), func(f data.Finding) {
		found = append(found, strings.TrimSpace(fmt.Sprintf("%s %d %s", f.Stage, f.Verdict, data.FaultOf(f.Err))))
	})
	return found, err
}

func wantFindings(t *testing.T, s *Store, fault data.Fault, want ...string) {
	t.Helper()
	found, err := preflight(t, s)
	if !slices.Equal(found, want) || data.FaultOf(err) != fault {
		t.Errorf("found %q (%v), want %q", found, err, want)
	}
}

func TestPreflightOfASoundFileChangesNothing(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	stock(t, s, "espresso")
	e := do(t, s, add("espresso", 2))
	const rows = `SELECT group_concat(n) FROM (SELECT count(*) n FROM cart UNION ALL SELECT count(*) FROM line UNION ALL
		SELECT count(*) FROM op UNION ALL SELECT count(*) FROM product UNION ALL SELECT seq FROM sqlite_sequence)`
	before, size := ask(t, s.Path(), rows), int64(0)
	for i := range 20 {
		wantFindings(t, s, data.FaultNone, "reach 0", "write 0")
		sqlExec(t, s.Path(), "PRAGMA wal_checkpoint")
		info, err := os.Stat(s.Path())
		if err != nil || i > 0 && info.Size() != size {
			t.Fatalf("after %d times the file has %v bytes, at first %d (%v)", i+1, info.Size(), size, err)
		}
		size = info.Size()
	}
	if after := ask(t, s.Path(), rows); after != before {
		t.Errorf("the tables hold %s rows, before %s", after, before)
	}
	if got := read(t, s, "").Cart.Token; got != e.Token {
		t.Errorf("the cart is at %q, want %q", got, e.Token)
	}
}

func TestPreflightMeetsWhatAChangeWouldMeet(t *testing.T) {
	spoil := map[string]struct {
		pragma string
		fault  data.Fault
	}{
		"read only": {"query_only=1", data.FaultReadOnly},
		"full":      {"max_page_count=1", data.FaultFull},
		"newer":     {"user_version=99", data.FaultNewer},
	}
	for name, c := range spoil {
		t.Run(name, func(t *testing.T) {
			s := open(t, Config{Dir: t.TempDir()})
			stock(t, s, "espresso")
			do(t, s, add("espresso", 1))
			if _, err := s.writer.conn.ExecContext(t.Context(), "PRAGMA "+c.pragma); err != nil {
				t.Fatal(err)
			}
			wantFindings(t, s, c.fault, "reach 0", "write 3 "+string(c.fault))
			_, err := fill(t, s)
			if got := data.FaultOf(err); got != c.fault {
				t.Errorf("a change meets %v, want fault %q", err, c.fault)
			}
		})
	}
}

func TestPreflightOfAFileThatCannotBeRead(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	sqlExec(t, s.Path(), "DROP TABLE line")
	wantFindings(t, s, data.FaultFile, "reach 3 file")
}

func TestPreflightOfAClosedStore(t *testing.T) {
	s := open(t, Config{Dir: t.TempDir()})
	closeStore(t, s)
	if found, err := preflight(t, s); !errors.Is(err, data.ErrClosed) || len(found) != 0 {
		t.Errorf("found %q (%v), want ErrClosed", found, err)
	}
}
