package local

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trolley/data"
)

// childVar makes the test binary another process at the file: its value is
// what to do there.
const childVar = "TROLLEY_LOCAL_TEST_CHILD"

// patience bounds every wait, far above what is needed on a busy machine.
const patience = 30 * time.Second

const theCart data.CartID = "counter-1"

func TestMain(m *testing.M) {
	if task, dir, ok := strings.Cut(os.Getenv(childVar), " "); ok {
		if err := children[task](dir); err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// children are the tasks of other processes; each gets the store's folder.
var children = map[string]func(dir string) error{
	"add-100":     func(dir string) error { return addMany(dir, 100) },
	"add-forever": func(dir string) error { return addMany(dir, 1_000_000) },
	"open":        openAndReport,
	"keep-20":     keepTwenty,
	"keep-on":     keepOn,
	"open-queue":  openQueueAndReport,
}

// addMany adds one item after another, and acknowledges each with its
// operation id on a line.
func addMany(dir string, n int) error {
	ctx := context.Background()
	s, err := Open(ctx, Config{Dir: dir, Shop: "main"})
	if err != nil {
		return err
	}
	for range n {
		c := add("espresso", 1)
		if _, err := s.Apply(ctx, theCart, c); err != nil {
			return err
		}
		fmt.Println(c.Op)
	}
	return s.Close()
}

// openAndReport says with which fault the store opened.
func openAndReport(dir string) error {
	dropPrivileges()
	s, err := Open(context.Background(), Config{Dir: dir, Shop: "main"})
	fmt.Printf("fault %q\n", data.FaultOf(err))
	if err != nil {
		return nil
	}
	return s.Close()
}

// child is another process at work on the same file.
type child struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.Closer // closing it ends a child that waits
	out *bufio.Scanner
}

func startChild(t *testing.T, task, dir string) *child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVar+"="+task+" "+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &child{t: t, cmd: cmd, in: in, out: bufio.NewScanner(out)}
}

// line returns the next line that the child printed, false at its end.
func (c *child) line() (string, bool) {
	ok := c.out.Scan()
	return c.out.Text(), ok
}

// rest returns all further lines and waits for the child's end.
func (c *child) rest() (lines []string) {
	for l, ok := c.line(); ok; l, ok = c.line() {
		lines = append(lines, l)
	}
	_ = c.cmd.Wait() // a killed child ends with an error
	return lines
}

// open opens the shop "main" in a folder, and closes it with the test.
func open(t *testing.T, c Config) *Store {
	t.Helper()
	c.Shop = "main"
	s, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

func closeStore(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func stock(t *testing.T, s *Store, ids ...data.ProductID) {
	t.Helper()
	for _, id := range ids {
		if err := s.CreateProduct(t.Context(), data.Product{ID: id, Name: string(id), Price: 240, Stock: data.Unlimited}); err != nil {
			t.Fatal(err)
		}
	}
}

func add(id data.ProductID, n int64) data.Change {
	return data.Change{Op: data.NewOp(), Kind: data.KindAdd, Product: id, Quantity: n, By: "Till 1"}
}

func do(t *testing.T, s *Store, c data.Change) data.Event {
	t.Helper()
	r, err := s.Apply(t.Context(), theCart, c)
	if err != nil {
		t.Fatalf("%s %q: %v", c.Kind, c.Product, err)
	}
	return r.Event
}

func read(t *testing.T, s *Store, mine data.OpID) data.Reading {
	t.Helper()
	r, err := s.Read(t.Context(), theCart, data.Token{}, mine)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sqlExec changes the file by hand, past all rules.
func sqlExec(t *testing.T, path, query string, args ...any) {
	t.Helper()
	db, err := openDB(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// ask returns the one value that a query gives on the file.
func ask(t *testing.T, path, query string) (answer string) {
	t.Helper()
	db, err := openDB(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// numbers is the table n of the values from 1 to last, before a statement.
func numbers(last int) string {
	return fmt.Sprintf("WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < %d) ", last)
}
