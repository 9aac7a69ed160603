package native

import (
	"strings"

	"golang.org/x/sys/windows"
)

// Tell shows a text in a box of the system's own and returns when the person
// has closed it.
func Tell(title, text string) {
	_, _ = windows.MessageBox(0, wide(text), wide(title), windows.MB_OK|windows.MB_ICONWARNING|windows.MB_SETFOREGROUND)
}

// wide returns a text as Windows takes it.
func wide(text string) *uint16 {
	p, _ := windows.UTF16PtrFromString(strings.ReplaceAll(text, "\x00", "")) // that alone it refuses
	return p
}
