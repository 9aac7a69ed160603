//go:build linux

// Command tour shows Trolley where there is no display: it opens the program
// on a virtual screen, walks through what it does, and leaves a picture of each
// step.
//
// Usage: tour PROGRAM FOLDER
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"trolley/e2e/desk"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: tour PROGRAM FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "tour:", err)
		os.Exit(1)
	}
}

// The two counters stand side by side.
const (
	width, height = 1040, 720
	border        = 40
)

// run takes the tour, and leaves nothing in the folder but its pictures.
func run(program, folder string) (err error) {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	d, err := desk.Start(desk.Options{Width: 2*width + 3*border, Height: height + 2*border})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	t := &tour{desk: d, program: program, folder: folder}
	if err := t.walk(); err != nil {
		return fmt.Errorf("%w\nwhat the program said:\n%s", err, t.logs())
	}
	return nil
}

// tour is the state of the walk.
type tour struct {
	desk            *desk.Desk
	program, folder string
	first, second   *desk.Window
	pictures        int
}

// step is one thing that is done, and the picture of it.
type step struct {
	name, says string
	do         func() error
	window     **desk.Window // which one is taken; nil: the whole screen
}

func (t *tour) walk() error {
	for _, s := range t.steps() {
		if err := s.do(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		path, err := t.picture(s)
		if err != nil {
			return fmt.Errorf("picture of %s: %w", s.name, err)
		}
		fmt.Printf("%-32s %s\n", path, s.says)
	}
	return nil
}

func (t *tour) steps() []step {
	first, second := &t.first, &t.second
	return []step{
		{"start", "Counter 1 opens: the sample shop, on this computer", t.open(first, "Counter 1", 0), first},
		{"find", "typing filters the products", t.type1("esp"), first},
		{"add", "Enter adds the best match", t.key1("Return"), first},
		{"more", "3*espresso adds three", t.enter1("3*espresso"), first},
		{"change", "-espresso takes one out", t.enter1("-espresso"), first},
		{"unknown", "a product that is not there: near matches, or add it", t.asks1("espreso machine"), first},
		{"back", "Escape, and the cart is as it was", t.key1("Escape"), first},
		{"second", "Counter 2 opens beside it, on the same cart", t.open(second, "Counter 2", width+border), nil},
		{"shared", "what Counter 1 adds, Counter 2 sees", t.seen(t.enter1("2*croissant")), nil},
		{"remove", "what Counter 1 takes out is gone at both", t.seen(t.enter1("-2*croissant")), nil},
		{"missing", "taking out what is not in the cart", t.asks1("-croissant"), first},
		{"end", "Escape, and on with the work", t.key1("Escape"), nil},
	}
}

// open starts a counter. All counters of the tour work on one cart.
func (t *tour) open(w **desk.Window, counter string, x int) func() error {
	return func() (err error) {
		*w, err = t.desk.Launch(strings.ReplaceAll(counter, " ", "-"), t.program,
			"TROLLEY_LOG=debug", "TROLLEY_COUNTER="+counter, "TROLLEY_CART=tour", "TROLLEY_DATA_DIR="+filepath.Join(t.desk.Home(), "shop"))
		if err != nil {
			return err
		}
		return (*w).Place(x+border, border, width, height)
	}
}

// changed does something at the first counter that must change its window.
func (t *tour) changed(do func() error) error {
	before, err := t.first.Image()
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return t.first.Changed(before)
}

func (t *tour) key1(key string) func() error {
	return func() error { return t.changed(func() error { return t.first.Key(key) }) }
}

func (t *tour) type1(text string) func() error {
	return func() error { return t.changed(func() error { return t.first.Type(text) }) }
}

// enter1 types a line into the search box of the first counter.
func (t *tour) enter1(line string) func() error {
	return func() error {
		if err := t.first.Key("ctrl+f", "ctrl+a"); err != nil {
			return err
		}
		return t.changed(func() error { return t.first.Enter(line) })
	}
}

// asks1 types a line that brings up a dialog. The shop is asked first, and the
// window can stand still meanwhile.
func (t *tour) asks1(line string) func() error {
	return func() error {
		before, err := t.first.Image()
		if err != nil {
			return err
		}
		dialogs := func() int { return strings.Count(t.first.Log(), "msg=dialog ") }
		had := dialogs()
		if err := t.enter1(line)(); err != nil {
			return err
		}
		err = t.first.Until("there is a dialog", func() (bool, error) { return dialogs() > had, nil })
		if err != nil {
			return err
		}
		return t.first.Changed(before)
	}
}

// seen does something at the first counter that the second must show.
func (t *tour) seen(do func() error) func() error {
	return func() error {
		before, err := t.second.Image()
		if err != nil {
			return err
		}
		if err := do(); err != nil {
			return err
		}
		return t.second.Changed(before)
	}
}

// picture takes the picture of a step and returns its path.
func (t *tour) picture(s step) (string, error) {
	t.pictures++
	path := filepath.Join(t.folder, fmt.Sprintf("%02d-%s.png", t.pictures, s.name))
	if s.window == nil {
		return path, t.desk.Picture(path)
	}
	return path, (*s.window).Picture(path)
}

func (t *tour) logs() string {
	var b strings.Builder
	for _, w := range []*desk.Window{t.first, t.second} {
		if w != nil {
			b.WriteString(w.Log())
		}
	}
	return b.String()
}
