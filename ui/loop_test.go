package ui

import (
	"testing"

	"fyne.io/fyne/v2/test"
)

func TestLoopLeavesNothingToDoBehindIt(t *testing.T) {
	a := test.NewTempApp(t)
	hook, ok := a.Lifecycle().(stopHook)
	if !ok {
		t.Fatal("the toolkit's lifecycle has changed: look at the end of runGL, and mend or remove runLoop")
	}
	saved := 0
	hook.SetOnStoppedHookExecuted(func() { saved++ }) // as the real app does
	runLoop(a)
	if saved != 1 || hook.OnStopped() != nil {
		t.Errorf("saved %d times, and the toolkit has something left to do: %t", saved, hook.OnStopped() != nil)
	}
}
