package ui

import (
	"errors"

	"trolley/ui/native"
)

// RefuseUndrawn shows why no window can be drawn, as native.Drawable found, in a
// box of the system's own, and returns when the person has closed it.
func RefuseUndrawn(err error) {
	native.Tell(textUndrawn(err))
}

// textUndrawn says what the computer lacks, and the two ways to mend it.
func textUndrawn(err error) (title, body string) {
	have := phrase("Trolley draws its window with OpenGL {needed} or newer, and this computer has none.").with("needed", native.Needed)
	var missing *native.NoOpenGLError
	if errors.As(err, &missing) && missing.Found != "" {
		have = phrase("Trolley draws its window with OpenGL {needed} or newer, and this computer has only {found}.").
			with("needed", native.Needed, "found", foreign(missing.Found))
	}
	return phrase("Trolley cannot draw its window").say(), have +
		"\n\n" + phrase("Install the driver of the graphics card from its maker. The one that Windows brings along may lack OpenGL.").say() +
		"\n\n" + phrase("On a virtual machine or a remote desktop, put the file opengl32.dll of Mesa, which needs no graphics card, beside Trolley.exe.").say()
}
