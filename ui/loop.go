package ui

import "fyne.io/fyne/v2"

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
