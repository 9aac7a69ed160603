package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trolley/data"
)

const thePlace = "redis://10.0.0.5:6379/0 main"

// someChanges are changes of every kind, all fields set, made one second after
// another from a given second on.
func someChanges(from, n int) []data.Change {
	kinds := []data.Change{
		{Kind: data.KindAdd, Product: "espresso", Quantity: 2, Want: 5},
		{Kind: data.KindStep, Product: "espresso", Quantity: -1, Want: 4, Undoes: "op-0000"},
		{Kind: data.KindSet, Product: "by hand \xff:{}", Quantity: 70_000, Seen: 3, Want: 70_000},
		{Kind: data.KindRemove, Product: "tea"},
		{Kind: data.KindClear, Token: data.Token{Version: 7, Op: "last \xfe"}},
		{Kind: data.KindName, Text: "Größe \"L\" 100 % 🛒"},
		{Kind: data.KindCheckout, Token: data.Token{Version: 8, Op: "last"}},
	}
	var changes []data.Change
	for i := range n {
		c := kinds[(from+i)%len(kinds)]
		c.Op = data.OpID(fmt.Sprintf("op-%04d", from+i))
		c.By, c.Name = "Till 1", "Größe \"L\" \x80"
		c.At = time.Unix(1_800_000_000, 123_456_789).Add(time.Duration(from+i) * time.Second)
		changes = append(changes, c)
	}
	return changes
}

func openQueue(t *testing.T, dir string) *Queue {
	t.Helper()
	return openQueueAs(t, QueueConfig{Dir: dir, Place: thePlace})
}

func openQueueAs(t *testing.T, c QueueConfig) *Queue {
	t.Helper()
	q, err := OpenQueue(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeQueue(t, q) })
	return q
}

func closeQueue(t *testing.T, q *Queue) {
	t.Helper()
	if err := q.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func keep(t *testing.T, q *Queue, changes []data.Change) {
	t.Helper()
	if err := q.Keep(t.Context(), theCart, changes); err != nil {
		t.Fatal(err)
	}
}

func drop(t *testing.T, q *Queue, ops ...data.OpID) {
	t.Helper()
	if err := q.Drop(t.Context(), theCart, ops); err != nil {
		t.Fatal(err)
	}
}

func left(t *testing.T, q *Queue) []data.Change {
	t.Helper()
	changes, err := q.Left(t.Context(), theCart)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// wantLeft compares what waits with what should, in order and all fields.
func wantLeft(t *testing.T, q *Queue, want []data.Change) {
	t.Helper()
	wantChanges(t, left(t, q), want)
}

func wantChanges(t *testing.T, got, want []data.Change) {
	t.Helper()
	same := func(a, b data.Change) bool {
		at := a.At.Equal(b.At)
		a.At = b.At
		return at && reflect.DeepEqual(a, b)
	}
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("waiting are %d changes\n%+v\nwant %d\n%+v", len(got), got, len(want), want)
	}
}

// wantFiles compares the names of the folder's files with a pattern for each.
func wantFiles(t *testing.T, dir string, patterns ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	fits := len(entries) == len(patterns)
	for i := 0; fits && i < len(entries); i++ {
		fits, _ = filepath.Match(patterns[i], entries[i].Name())
	}
	if !fits {
		t.Errorf("the folder holds %v, want %v", entries, patterns)
	}
}

// leftBehind makes a file with changes whose program has ended.
func leftBehind(t *testing.T, dir string, changes []data.Change) (path string) {
	t.Helper()
	q, err := OpenQueue(t.Context(), QueueConfig{Dir: t.TempDir(), Place: thePlace})
	if err != nil {
		t.Fatal(err)
	}
	keep(t, q, changes)
	was := q.file.path
	closeQueue(t, q)
	path = filepath.Join(dir, filepath.Base(was))
	if err := os.Rename(was, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestQueueKeepsOrderAndAllFields(t *testing.T) {
	dir, changes := t.TempDir(), someChanges(0, 20)
	q := openQueue(t, dir)
	wantLeft(t, q, nil)
	for _, c := range changes[:15] {
		keep(t, q, []data.Change{c})
	}
	again := changes[3]
	again.Want++
	keep(t, q, append([]data.Change{again}, changes[15:]...))
	wantLeft(t, q, changes)
	drop(t, q, changes[0].Op, changes[5].Op, "not there")
	changes = slices.Delete(slices.Clone(changes[1:]), 4, 5)
	wantLeft(t, q, changes)
	closeQueue(t, q)
	next := openQueue(t, dir)
	wantLeft(t, next, changes)
	late := someChanges(-7000, 1) // by a clock that was set back
	keep(t, next, late)
	wantLeft(t, next, append(changes, late...))
	wantFiles(t, dir, "waiting-*.db", "waiting-*.db-journal")
}

func TestQueueRefusesWhatNobodyCouldSend(t *testing.T) {
	q := openQueue(t, t.TempDir())
	bad := someChanges(0, 2)
	bad[1].By = ""
	var invalid *data.InvalidError
	if err := q.Keep(t.Context(), theCart, bad); !errors.As(err, &invalid) {
		t.Errorf("a change without a counter: %v", err)
	}
	if err := q.Keep(t.Context(), "../x", someChanges(0, 1)); !errors.As(err, &invalid) {
		t.Errorf("a hostile cart: %v", err)
	}
	wantLeft(t, q, nil)
}

func TestQueueFileGoesWhenNothingWaits(t *testing.T) {
	dir, changes := t.TempDir(), someChanges(0, 3)
	q := openQueue(t, dir)
	keep(t, q, changes)
	drop(t, q, changes[0].Op, changes[1].Op, changes[2].Op)
	closeQueue(t, q)
	wantFiles(t, dir)
	closeQueue(t, q)

	q = openQueue(t, dir)
	keep(t, q, changes)
	closeQueue(t, q)
	wantFiles(t, dir, "waiting-*.db")
}

func TestClosedQueueSaysSo(t *testing.T) {
	q := openQueue(t, t.TempDir())
	closeQueue(t, q)
	_, errLeft := q.Left(t.Context(), theCart)
	_, errElsewhere := q.Elsewhere(t.Context(), theCart)
	errKeep := q.Keep(t.Context(), theCart, someChanges(0, 1))
	errDrop := q.Drop(t.Context(), theCart, []data.OpID{"x"})
	_, errCarts := q.Carts(t.Context())
	for _, err := range []error{errLeft, errElsewhere, errKeep, errDrop, errCarts} {
		if !errors.Is(err, data.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	}
}

func TestQueueFileIsForThisUserOnlyAndDurable(t *testing.T) {
	q := openQueue(t, filepath.Join(t.TempDir(), "Größe 100%25 #1"))
	keep(t, q, someChanges(0, 1))
	for pragma, want := range map[string]string{
		"synchronous": "2", "fullfsync": "1", "locking_mode": "exclusive",
		"application_id": "1416785015", "user_version": "1",
	} {
		var got string
		if err := q.file.conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
		}
	}
	if runtime.GOOS == "windows" {
		return // permissions there come from the folder above
	}
	for _, side := range []string{"", "-journal"} {
		info, err := os.Stat(q.file.path + side)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%q: %v (%v), want mode 600", side, info, err)
		}
	}
}

func TestSeveralFilesLeftBehindAreMerged(t *testing.T) {
	dir, changes := t.TempDir(), someChanges(0, 9)
	// The second file's clock was set back in between: 6 was made before 1.
	leftBehind(t, dir, []data.Change{changes[0], changes[2], changes[5], changes[8]})
	leftBehind(t, dir, []data.Change{changes[3], changes[6], changes[1], changes[7]})
	sqlExec(t, leftBehind(t, dir, changes[4:5]), "DELETE FROM waiting")
	blank := filepath.Join(dir, "waiting-blank.db")
	if err := os.WriteFile(blank, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	q := openQueue(t, dir)
	keep(t, q, changes[4:5])
	var got []string
	for _, c := range left(t, q) {
		got = append(got, strings.TrimPrefix(string(c.Op), "op-000"))
	}
	if want := "0 2 3 5 6 1 7 8 4"; strings.Join(got, " ") != want {
		t.Errorf("the order is %v, want %s", got, want)
	}
	wantFiles(t, dir, "waiting-*.db", "waiting-*.db-journal")
}

func TestCrashBeforeAFileIsRemovedDoublesNothing(t *testing.T) {
	dir, changes := t.TempDir(), someChanges(0, 6)
	path := leftBehind(t, dir, changes[:3])
	before := contents(t, path)
	q := openQueue(t, dir)
	keep(t, q, changes[3:])
	closeQueue(t, q)
	if err := os.WriteFile(path, before, 0o600); err != nil {
		t.Fatal(err)
	}
	q = openQueue(t, dir)
	wantLeft(t, q, changes)
	wantFiles(t, dir, "waiting-*.db", "waiting-*.db-journal")
}

func TestQueuesThatOpenAtOnceShareWhatIsLeft(t *testing.T) {
	dir, changes := t.TempDir(), someChanges(0, 40)
	for i := range 5 {
		leftBehind(t, dir, changes[5*i:5*i+5])
	}
	queues := make([]*Queue, 15)
	var g sync.WaitGroup
	for i := range queues {
		g.Go(func() {
			q, err := OpenQueue(t.Context(), QueueConfig{Dir: dir, Place: thePlace})
			if err != nil {
				t.Error(err)
				return
			}
			if err := q.Keep(t.Context(), theCart, changes[25+i:26+i]); err != nil {
				t.Error(err)
			}
			queues[i] = q
		})
	}
	g.Wait()
	if t.Failed() {
		return
	}
	found := make(map[data.OpID]int)
	for _, q := range queues {
		for _, c := range left(t, q) {
			found[c.Op]++
		}
		closeQueue(t, q)
	}
	for _, c := range changes {
		if found[c.Op] != 1 {
			t.Errorf("change %s waits %d times, want once", c.Op, found[c.Op])
		}
	}
	if n := len(left(t, openQueue(t, dir))); n != len(changes) {
		t.Errorf("%d changes are left, want %d", n, len(changes))
	}
}

func TestUnusableQueueFileIsPutAside(t *testing.T) {
	spoil := map[string]func(t *testing.T, path string){
		"another program": func(t *testing.T, path string) { sqlExec(t, path, "PRAGMA application_id=7") },
		"no table":        func(t *testing.T, path string) { sqlExec(t, path, "DROP TABLE waiting") },
		"other columns":   func(t *testing.T, path string) { sqlExec(t, path, "ALTER TABLE waiting RENAME COLUMN op TO opus") },
		"other values": func(t *testing.T, path string) {
			sqlExec(t, path, "DROP TABLE waiting; CREATE TABLE waiting (seq, place, cart, op, made, change); INSERT INTO waiting (made) VALUES ('noon')")
		},
		"a text": func(t *testing.T, path string) {
			rewrite(t, path, func([]byte) []byte { return []byte("Dear diary, ") })
		},
		"truncated": func(t *testing.T, path string) {
			rewrite(t, path, func(b []byte) []byte { return b[:len(b)/2] })
		},
		"overwritten": func(t *testing.T, path string) {
			rewrite(t, path, func(b []byte) []byte { copy(b[4096:], bytes.Repeat([]byte("garbage!"), 512)); return b })
		},
	}
	for name, f := range spoil {
		t.Run(name, func(t *testing.T) { wantPutAside(t, f) })
	}
}

func wantPutAside(t *testing.T, spoil func(t *testing.T, path string)) {
	dir, changes := t.TempDir(), someChanges(0, 40)
	path := leftBehind(t, dir, changes[:30])
	spoil(t, path)
	before := contents(t, path)
	leftBehind(t, dir, changes[30:])
	var log bytes.Buffer
	q := openQueueAs(t, QueueConfig{Dir: dir, Place: thePlace, Log: slog.New(slog.NewTextHandler(&log, nil))})
	wantLeft(t, q, changes[30:])
	if !bytes.Equal(contents(t, path+".damaged"), before) {
		t.Error("the file was changed")
	}
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), filepath.Base(path)) {
		t.Errorf("the log says %s", &log)
	}
	closeQueue(t, q)
	wantLeft(t, openQueue(t, dir), changes[30:]) // it is passed over from now on
}

func TestNewerQueueFileIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	path := leftBehind(t, dir, someChanges(0, 3))
	sqlExec(t, path, "PRAGMA user_version=99")
	before := contents(t, path)
	wantLeft(t, openQueue(t, dir), nil)
	if !bytes.Equal(contents(t, path), before) {
		t.Error("the file was changed")
	}
}

func TestRowsThatCannotBeUsedAreKeptAndNotReturned(t *testing.T) {
	dir, changes := t.TempDir(), someChanges(0, 6)
	path := leftBehind(t, dir, changes)
	for op, text := range map[data.OpID]string{
		"op-0000": `secret{`, "op-0001": `null`, "op-0003": `{"op":"op-0002","kind":"remove","product":"eA==","by":"x"}`,
		"op-0004": `{"op":"op-0004","kind":"explode","by":"x"}`,
	} {
		sqlExec(t, path, "UPDATE waiting SET change = ? WHERE op = ?", text, op)
	}
	var log bytes.Buffer
	q := openQueueAs(t, QueueConfig{Dir: dir, Place: thePlace, Log: slog.New(slog.NewTextHandler(&log, nil))})
	wantLeft(t, q, []data.Change{changes[2], changes[5]})
	if !strings.Contains(log.String(), "changes=4") || strings.Contains(log.String(), "secret") {
		t.Errorf("the log says %s", &log)
	}
	drop(t, q, changes[2].Op, changes[5].Op)
	kept := q.file.path
	closeQueue(t, q)
	if n := ask(t, kept, "SELECT count(*) FROM waiting"); n != "4" {
		t.Errorf("%s rows are kept, want 4", n)
	}
}

func TestChangesForOtherPlacesAreCountedOnly(t *testing.T) {
	dir, changes := t.TempDir(), someChanges(0, 9)
	other := openQueueAs(t, QueueConfig{Dir: dir, Place: "redis://other/0 main"})
	keep(t, other, changes[:2])
	if err := other.Keep(t.Context(), "counter-2", changes[2:5]); err != nil {
		t.Fatal(err)
	}
	closeQueue(t, other)
	q := openQueue(t, dir)
	wantLeft(t, q, nil)
	keep(t, q, changes[5:8])
	if err := q.Keep(t.Context(), "counter-2", changes[8:]); err != nil {
		t.Fatal(err)
	}
	drop(t, q, changes[0].Op, changes[1].Op)
	got, err := q.Elsewhere(t.Context(), theCart)
	want := []Waiting{{"redis://other/0 main", theCart, 2}, {"redis://other/0 main", "counter-2", 3}, {thePlace, "counter-2", 1}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("elsewhere wait %v (%v), want %v", got, err, want)
	}
	wantLeft(t, q, changes[5:8])
}

func TestQueueNamesTheCartsOfItsPlace(t *testing.T) {
	dir, changes := t.TempDir(), someChanges(0, 6)
	other := openQueueAs(t, QueueConfig{Dir: dir, Place: "redis://other/0 main"})
	keep(t, other, changes[:1])
	closeQueue(t, other)
	q := openQueue(t, dir)
	for i, cart := range []data.CartID{"z", theCart, "z", "a", "gone"} {
		if err := q.Keep(t.Context(), cart, changes[1+i:2+i]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := q.file.conn.ExecContext(t.Context(), "UPDATE waiting SET change = 'null' WHERE cart = 'a'"); err != nil {
		t.Fatal(err)
	}
	if err := q.Drop(t.Context(), "gone", []data.OpID{changes[5].Op}); err != nil {
		t.Fatal(err)
	}
	got, err := q.Carts(t.Context())
	if want := []data.CartID{"z", theCart}; err != nil || !slices.Equal(got, want) {
		t.Errorf("changes wait for %q (%v), want %q", got, err, want)
	}
}

func TestRowsOfTheFirstVersionAreRead(t *testing.T) {
	dir := t.TempDir()
	path := leftBehind(t, dir, someChanges(0, 1))
	sqlExec(t, path, "UPDATE waiting SET change = ?",
		`{"op":"op-0000","kind":"add","product":"ZXNwcmVzc28=","quantity":2,"by":"Till 1","at":"2027-01-15T08:00:00Z","want":5}`)
	at := time.Date(2027, 1, 15, 8, 0, 0, 0, time.UTC)
	wantLeft(t, openQueue(t, dir), []data.Change{{Op: "op-0000", Kind: data.KindAdd, Product: "espresso", Quantity: 2, By: "Till 1", At: at, Want: 5}})
}

func TestQueueOnAFullDisk(t *testing.T) {
	q := openQueue(t, t.TempDir())
	limit := func(pages int) {
		if _, err := q.file.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count=%d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1)
	changes := someChanges(0, 1000)
	kept, err := 0, error(nil)
	for ; err == nil && kept < len(changes)-5; kept += 5 {
		err = q.Keep(t.Context(), theCart, changes[kept:kept+5])
	}
	if got := data.FaultOf(err); got != data.FaultFull {
		t.Fatalf("got %v, want fault %q", err, data.FaultFull)
	}
	kept -= 5
	wantLeft(t, q, changes[:kept])
	drop(t, q, changes[0].Op)
	limit(100_000)
	keep(t, q, changes[kept:])
	wantLeft(t, q, changes[1:])
}

func TestQueueInAFolderThatIsAFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := OpenQueue(t.Context(), QueueConfig{Dir: dir, Place: thePlace})
	var u *data.UnavailableError
	if !errors.As(err, &u) || u.Fault != data.FaultFile || u.Addr != dir {
		t.Errorf("got %v, want fault %q of %s", err, data.FaultFile, dir)
	}
}

func TestQueueCallThatIsCutShortLeavesItUsable(t *testing.T) {
	q := openQueue(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := q.Keep(ctx, theCart, someChanges(0, 1))
	if got := data.FaultOf(err); got != data.FaultTimeout {
		t.Errorf("got %v, want fault %q", err, data.FaultTimeout)
	}
	keep(t, q, someChanges(1, 1))
	wantLeft(t, q, someChanges(1, 1))
}
