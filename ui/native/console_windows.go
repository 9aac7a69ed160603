package native

import (
	"os"

	"golang.org/x/sys/windows"
)

// parentProcess is the console of whoever started this program.
const parentProcess = ^uintptr(0)

var attachConsole = windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")

// Console lets a command print to the console it was called in. A program with
// windows has none on Windows, so that none pops up on a double click. What was
// redirected to a file or another program stays so. Without a console, nothing
// can be printed. It is to be called before anything is.
//
// A window that is open must not be on a console: closing the console would end
// it.
func Console() {
	in, out, errs := given(os.Stdin), given(os.Stdout), given(os.Stderr)
	if ok, _, _ := attachConsole.Call(parentProcess); ok == 0 {
		return
	}
	if !in {
		reopen(&os.Stdin, windows.STD_INPUT_HANDLE, "CONIN$")
	}
	if !out {
		reopen(&os.Stdout, windows.STD_OUTPUT_HANDLE, "CONOUT$")
	}
	if !errs {
		reopen(&os.Stderr, windows.STD_ERROR_HANDLE, "CONOUT$")
	}
}

// given reports whether a standard file is one that can be used.
func given(f *os.File) bool {
	kind, err := windows.GetFileType(windows.Handle(f.Fd()))
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}

// reopen makes a standard file that of the console, also for the runtime, which
// tells there of what it cannot recover from.
func reopen(standard **os.File, id uint32, name string) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return // nobody to tell
	}
	*standard = f
	_ = windows.SetStdHandle(id, windows.Handle(f.Fd())) // what Go itself prints goes there already
}
