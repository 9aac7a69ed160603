package local

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"

	"trolley/data"
)

// keepTwenty keeps changes and stays until it is told to end.
func keepTwenty(dir string) error {
	ctx := context.Background()
	q, err := OpenQueue(ctx, QueueConfig{Dir: dir, Place: thePlace})
	if err != nil {
		return err
	}
	if err := q.Keep(ctx, theCart, someChanges(0, 20)); err != nil {
		return err
	}
	fmt.Println("kept")
	_, _ = io.Copy(io.Discard, os.Stdin) // to its end
	return q.Close()
}

// keepOn takes over what is there and keeps one change after another behind it,
// acknowledging each.
func keepOn(dir string) error {
	ctx := context.Background()
	q, err := OpenQueue(ctx, QueueConfig{Dir: dir, Place: thePlace})
	if err != nil {
		return err
	}
	before, err := q.Left(ctx, theCart)
	if err != nil {
		return err
	}
	for i := range 100_000 {
		c := someChanges(len(before)+i, 1)
		if err := q.Keep(ctx, theCart, c); err != nil {
			return err
		}
		fmt.Println(c[0].Op)
	}
	return q.Close()
}

// openQueueAndReport says with which fault the queue opened, and how many
// changes are in it.
func openQueueAndReport(dir string) error {
	dropPrivileges()
	q, err := OpenQueue(context.Background(), QueueConfig{Dir: dir, Place: thePlace})
	if err != nil {
		fmt.Printf("fault %q\n", data.FaultOf(err))
		return nil
	}
	changes, err := q.Left(context.Background(), theCart)
	fmt.Println(len(changes), "changes")
	if err != nil {
		return err
	}
	return q.Close()
}

func startKeeper(t *testing.T, dir string) *child {
	t.Helper()
	c := startChild(t, "keep-20", dir)
	if l, ok := c.line(); !ok || l != "kept" {
		t.Fatalf("the other process says %q", l)
	}
	return c
}

func (c *child) kill() []string {
	c.t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	return c.rest()
}

func TestKilledProgramLeavesItsChanges(t *testing.T) {
	dir := t.TempDir()
	c := startKeeper(t, dir)
	one := openQueue(t, dir)
	wantLeft(t, one, nil) // they are the other's as long as it runs
	c.kill()
	two := openQueue(t, dir)
	wantLeft(t, one, nil)
	wantLeft(t, two, someChanges(0, 20))
	closeQueue(t, one)
	wantFiles(t, dir, "waiting-*.db", "waiting-*.db-journal")
}

func TestProgramThatEndsLeavesItsChanges(t *testing.T) {
	dir := t.TempDir()
	c := startKeeper(t, dir)
	if err := c.in.Close(); err != nil {
		t.Fatal(err)
	}
	c.rest()
	wantLeft(t, openQueue(t, dir), someChanges(0, 20))
}

// Looking at the files of others must not drop the locks that this process has
// on its own, as closing a file does on Unix.
func TestTwoQueuesOfOneProcessHoldTheirFiles(t *testing.T) {
	dir := t.TempDir()
	one := openQueue(t, dir)
	keep(t, one, someChanges(0, 3))
	two := openQueue(t, dir)
	wantLeft(t, two, nil)
	keep(t, two, someChanges(3, 2))
	closeQueue(t, openQueue(t, dir))
	got := startChild(t, "keep-20", dir)
	if l, _ := got.line(); l != "kept" {
		t.Fatalf("the other process says %q", l)
	}
	got.kill()
	wantLeft(t, openQueue(t, dir), someChanges(0, 20))
	wantLeft(t, one, someChanges(0, 3))
	wantLeft(t, two, someChanges(3, 2))
}

func TestProgramsKilledAgainAndAgainLoseNoKeptChange(t *testing.T) {
	dir, least := t.TempDir(), 0
	for round := range 8 {
		c := startChild(t, "keep-on", dir)
		for range 1 + 5*round {
			if _, ok := c.line(); !ok {
				t.Fatalf("round %d: the process ended by itself", round)
			}
			least++
		}
		least += len(c.kill())
	}
	q := openQueue(t, dir)
	n := len(left(t, q))
	if n < least || n > least+8 {
		t.Errorf("%d changes wait, %d were acknowledged", n, least)
	}
	wantLeft(t, q, someChanges(0, n))
	wantFiles(t, dir, "waiting-*.db", "waiting-*.db-journal")
}

func TestQueueInAReadOnlyFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // folders there have no such mode
	}
	got := startChild(t, "open-queue", readOnlyDir(t, false)).rest()
	if want := `fault "read only"`; len(got) != 1 || got[0] != want {
		t.Errorf("opening says %q, want %q", got, want)
	}
}
