//go:build !windows

package native

// Console lets a command print to the terminal it was called in, which it does
// anyway.
func Console() {}

// Drawable returns no error: the toolkit says itself, in the terminal, when it
// cannot draw.
func Drawable() error { return nil }

// Tell does nothing: there is no box that needs no toolkit.
func Tell(_, _ string) {}
