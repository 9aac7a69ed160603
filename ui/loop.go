package ui

import (
	"runtime"

	"fyne.io/fyne/v2"
)

// stopHook is the part of the toolkit's lifecycle with what the toolkit itself
// does when its loop is over: it saves the preferences.
type stopHook interface {
	OnStopped() func()
	SetOnStoppedHookExecuted(func())
}

// runLoop runs the toolkit's loop until the program ends, and saves the
// preferences then.
//
// The toolkit would have another goroutine do that, which gives it back to the
// loop. A loop that ends between the two leaves it out, or waits for it for ever
// (runGL in its internal/driver/glfw/loop.go, 2.8.0).
func runLoop(a fyne.App) {
	save := takeStopHook(a)
	a.Run()
	save()
}

// takeStopHook takes out of the toolkit's hands what it does at the end.
func takeStopHook(a fyne.App) (stopped func()) {
	hook, ok := a.Lifecycle().(stopHook)
	if !ok || hook.OnStopped() == nil {
		return func() {}
	}
	stopped = hook.OnStopped()
	hook.SetOnStoppedHookExecuted(nil)
	return stopped
}

// outliveLoop is to be deferred by what posts to the loop from a goroutine of its
// own. The toolkit panics when that is just as the loop closes: what is posted
// then has nobody to draw it, and is left out.
func outliveLoop() {
	switch r := recover().(type) {
	case nil:
	case runtime.Error:
		if r.Error() != "send on closed channel" {
			panic(r)
		}
	default:
		panic(r)
	}
}
