package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// looping is an app that tells when its loop is over.
type looping struct {
	fyne.App
	over func()
}

func (l looping) Run() { l.over() }

func TestLoopLeavesNothingToDoBehindIt(t *testing.T) {
	a := test.NewTempApp(t)
	hook, ok := a.Lifecycle().(stopHook)
	if !ok {
		t.Fatal("the toolkit's lifecycle has changed: look at the end of runGL, and mend or remove runLoop")
	}
	saved := 0
	hook.SetOnStoppedHookExecuted(func() { saved++ }) // as the real app does
	runLoop(looping{a, func() {
		if saved != 0 || hook.OnStopped() != nil {
			t.Errorf("saved %d times before the loop was over, which has something left to do: %t", saved, hook.OnStopped() != nil)
		}
	}})
	if saved != 1 {
		t.Errorf("saved %d times", saved)
	}
}

func TestOnlyTheClosedLoopIsOutlived(t *testing.T) {
	panics := func(f func()) (r any) {
		defer func() { r = recover() }()
		defer outliveLoop()
		f()
		return nil
	}
	queue := make(chan int)
	close(queue)
	if r := panics(func() { queue <- 1 }); r != nil {
		t.Errorf("panicked with %v", r)
	}
	var none map[string]int
	for name, f := range map[string]func(){"index": func() { none["a"] = 1 }, "own": func() { panic("own") }} {
		if panics(f) == nil {
			t.Errorf("%s: a fault was passed over", name)
		}
	}
}
