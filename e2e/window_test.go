//go:build e2e && linux

package e2e

import (
	"strings"
	"testing"

	"trolley/e2e/desk"
)

func TestWindowOpensAndEnds(t *testing.T) {
	for name, binary := range map[string]string{"delivered": delivered, "checked": checked} {
		t.Run(name, func(t *testing.T) {
			w := launch(t, newDesk(t, desk.Options{}), name, binary, "TROLLEY_COUNTER=Counter 1")
			title, err := w.Title()
			check(t, err)
			if !strings.HasPrefix(title, "Trolley") {
				t.Errorf("title %q", title)
			}
			class, err := w.Class()
			check(t, err)
			if class != "Trolley" { // as in the entry of the packages
				t.Errorf("desktops know the window as %q", class)
			}
			picture, err := w.Image()
			check(t, err)
			if desk.Blank(picture) {
				t.Error("the window is blank")
			}
			check(t, w.Quit())
			if code := w.ExitCode(); code != 0 {
				t.Errorf("exit code %d", code)
			}
		})
	}
}
