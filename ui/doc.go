// Package ui is Trolley's window. It knows package data and never a backend.
//
// # Rules
//
// State comes in by one door, [Window.show], on the UI goroutine; a wish of the
// person goes out as a data.Change, and its answer comes back in a later state.
// The widgets belong to the UI goroutine alone, so there is no lock in this
// package: follow carries states to the window, and the worker makes the few
// calls that wait for the store. Nothing on the UI goroutine ever waits.
//
// Widgets take data by a setter and tell what the person did by a callback.
// What the window says stands in text.go and dialogs.go, what it remembers
// between states in model.go, which knows no toolkit. What the shop says no to
// is told by refusal.go, at once, or by late.go in one list when it had waited;
// banners.go picks the one banner there is room for.
package ui
