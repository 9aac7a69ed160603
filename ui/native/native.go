// Package native asks of the system itself what the toolkit does not: a place
// to print to, whether windows can be drawn, and a box to say so where they
// cannot. Only Windows has to be asked; elsewhere nothing is wanted.
package native

// Needed is the least version of OpenGL that the toolkit draws with.
const Needed = "2.1"

// A NoOpenGLError says that this computer cannot draw the window.
type NoOpenGLError struct {
	Found string // what there is instead, such as "1.1.0 (GDI Generic)"; empty: nothing
}

// Error implements error.
func (e *NoOpenGLError) Error() string {
	found := e.Found
	if found == "" {
		found = "none"
	}
	return "OpenGL " + Needed + " or newer is needed to draw the window; there is " + found
}
