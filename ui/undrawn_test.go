package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"trolley/ui/native"
)

func TestUndrawnWindowSaysWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&native.NoOpenGLError{}, "and this computer has none."},
		{fmt.Errorf("look: %w", &native.NoOpenGLError{Found: "1.1 (GDI Generic)"}), "and this computer has only 1.1 (GDI Generic)."},
		{errors.New("something else"), "and this computer has none."},
	} {
		title, body := textUndrawn(c.err)
		if title != "Trolley cannot draw its window" {
			t.Errorf("the title is %q", title)
		}
		for _, want := range []string{"OpenGL 2.1 or newer", c.want, "driver of the graphics card", "opengl32.dll"} {
			if !strings.Contains(body, want) {
				t.Errorf("%q does not say %q", body, want)
			}
		}
	}
}
