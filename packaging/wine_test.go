//go:build wine && linux

package packaging

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"trolley/data"
	"trolley/data/local"
	"trolley/e2e/desk"
)

// The package for Windows, used under Wine on a virtual screen. What is seen is
// kept in build/packages/pictures. This is no Windows: it shows that the program
// starts, is drawn, takes keys and keeps its data where it should.

// winePictures is where the pictures go.
const winePictures = "../build/packages/pictures"

// wine is a screen, and a Windows of Wine's with the package unpacked in it.
type wine struct {
	desk   *desk.Desk
	prefix string // what Wine keeps of its Windows
	start  string // a program of this system that starts Trolley.exe
	env    []string
}

// newWine makes a Windows of its own, on a screen of its own.
func newWine(t *testing.T, o desk.Options) *wine {
	t.Helper()
	wineCheck(t, os.MkdirAll(winePictures, 0o755))
	d, err := desk.Start(o)
	wineCheck(t, err)
	t.Cleanup(func() { wineCheck(t, d.Close()) })
	w := &wine{desk: d, prefix: filepath.Join(t.TempDir(), "prefix"), start: filepath.Join(t.TempDir(), "start")}
	// Neither .NET nor a browser is wanted, which Wine would ask to download, nor
	// what it has for screen readers: it lacks most of that, and ends a program
	// that asks for it. ProcessPrng comes from windows/prng.c.
	w.env = []string{"WINEPREFIX=" + w.prefix, "WINEARCH=win64", "WINEDEBUG=-all",
		"WINEDLLOVERRIDES=mscoree,mshtml,uiautomationcore=;bcryptprimitives=n,b"}
	t.Cleanup(func() { _, _ = w.run("", "wineserver", "--kill", "--wait") })
	if out, err := w.run("", "wine", "wineboot", "--init"); err != nil {
		t.Fatalf("make a Windows: %v\n%s", err, out)
	}
	w.install(t)
	return w
}

// install unpacks the package, and adds to Windows what Wine 8 lacks.
func (w *wine) install(t *testing.T) {
	t.Helper()
	drive := filepath.Join(w.prefix, "drive_c")
	out, err := exec.Command("x86_64-w64-mingw32-gcc", "-shared", "-O2", "windows/prng.c", "-ladvapi32",
		"-o", filepath.Join(drive, "windows", "system32", "bcryptprimitives.dll")).CombinedOutput()
	if err != nil {
		t.Fatalf("build ProcessPrng: %v\n%s", err, out)
	}
	packages, err := filepath.Glob("../build/packages/trolley-*-windows-amd64.zip")
	if err != nil || len(packages) != 1 {
		t.Fatalf("there are the packages %q (%v); run make clean package-windows", packages, err)
	}
	wineUnpack(t, packages[0], drive)
	script := "#!/bin/sh\nexec wine \"" + filepath.Join(drive, "Trolley", "Trolley.exe") + "\"\n"
	wineCheck(t, os.WriteFile(w.start, []byte(script), 0o755))
}

func wineUnpack(t *testing.T, archive, folder string) {
	t.Helper()
	z, err := zip.OpenReader(archive)
	wineCheck(t, err)
	defer func() { _ = z.Close() }()
	wineCheck(t, os.CopyFS(folder, z))
}

// run runs a command in this Windows, and returns what it printed.
func (w *wine) run(input, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Env = append(append(c.Environ(), "HOME="+w.desk.Home(), "DISPLAY="), w.env...)
	c.Stdin = strings.NewReader(input)
	out, err := c.CombinedOutput()
	return string(out), err
}

// launch starts Trolley as by a double click and waits for its window.
func (w *wine) launch(t *testing.T, name string, env ...string) *desk.Window {
	t.Helper()
	win, err := w.desk.Launch(name, w.start, append(append(env, w.env...), "TROLLEY_CART=wine", "TROLLEY_LOG=debug")...)
	if err != nil {
		_ = w.desk.Picture(filepath.Join(winePictures, "wine-failed.png"))
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			_ = w.desk.Picture(filepath.Join(winePictures, "wine-failed.png"))
			t.Logf("%s printed:\n%s", name, win.Log())
		}
	})
	return win
}

// home returns the folder that Windows has for the data of programs.
func (w *wine) home(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(w.prefix, "drive_c", "users", "*", "AppData", "Local"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the user's folders are %q, %v", found, err)
	}
	return found[0]
}

// lines returns what the cart holds on the disk.
func (w *wine) lines(t *testing.T) map[string]int64 {
	t.Helper()
	store, err := local.Open(t.Context(), local.Config{Dir: filepath.Join(w.home(t), "Trolley"), Shop: "main"})
	wineCheck(t, err)
	read, err := store.Read(t.Context(), "wine", data.Token{}, "")
	wineCheck(t, errors.Join(err, store.Close()))
	found := map[string]int64{}
	for _, l := range read.Cart.Lines {
		found[string(l.Product.ID)] = l.Quantity
	}
	return found
}

func wineCheck(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wineSays waits until the program has logged a text.
func wineSays(t *testing.T, w *desk.Window, text string) {
	t.Helper()
	wineCheck(t, w.Until("it says "+text, func() (bool, error) { return strings.Contains(w.Log(), text), nil }))
}

// wineClose closes the window as a person does.
func wineClose(t *testing.T, w *desk.Window) {
	t.Helper()
	wineCheck(t, w.QuitBy("alt+F4"))
}

func TestWineKeepsTheCart(t *testing.T) {
	w := newWine(t, desk.Options{})
	first := w.launch(t, "first")
	wineSays(t, first, `cart="live: 0 lines`)
	wineCheck(t, w.desk.Picture(winePictures+"/wine-1-start.png"))
	wineCheck(t, first.Enter("3*espresso"))
	wineSays(t, first, `cart="live: 1 lines`)
	wineCheck(t, first.Still())
	wineCheck(t, w.desk.Picture(winePictures+"/wine-2-added.png"))
	wineClose(t, first)
	if kept := w.lines(t); len(kept) != 1 || kept["espresso"] != 3 {
		t.Errorf("the cart has %v on the disk", kept)
	}
	if logs, err := filepath.Glob(filepath.Join(w.home(t), "Trolley", "Logs", "*.log")); err != nil || len(logs) == 0 {
		t.Errorf("there is no log: %v", err)
	}
	second := w.launch(t, "second")
	wineSays(t, second, `cart="live: 1 lines`)
	wineCheck(t, second.Still())
	wineCheck(t, w.desk.Picture(winePictures+"/wine-3-again.png"))
	wineClose(t, second)
}

// TestWineSaysThatOpenGLIsMissing is on a screen that has none.
func TestWineSaysThatOpenGLIsMissing(t *testing.T) {
	newWine(t, desk.Options{NoOpenGL: true}).isRefused(t, "none", "Trolley cannot draw its window")
}

// TestWineSaysThatOpenGLIsOld says so in a language that was chosen.
func TestWineSaysThatOpenGLIsOld(t *testing.T) {
	w := newWine(t, desk.Options{})
	w.speak(t, "de")
	w.isRefused(t, "old", "Trolley kann sein Fenster nicht zeichnen", "MESA_GL_VERSION_OVERRIDE=1.4")
}

// isRefused starts Trolley where it cannot draw, and wants a box that says so
// and an exit code.
func (w *wine) isRefused(t *testing.T, name, title string, env ...string) {
	t.Helper()
	box := w.launch(t, name, env...)
	wineCheck(t, w.desk.Picture(filepath.Join(winePictures, "wine-opengl-"+name+".png")))
	if got, err := box.Title(); err != nil || got != title {
		t.Errorf("the box has the title %q, %v", got, err)
	}
	wineCheck(t, box.QuitBy("Return"))
	if code := box.ExitCode(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
}

// speak chooses the language of the window; empty: that of the system.
func (w *wine) speak(t *testing.T, language string) {
	t.Helper()
	folder := filepath.Join(filepath.Dir(w.home(t)), "Roaming", "fyne", "org.trolley.counter")
	wineCheck(t, os.MkdirAll(folder, 0o755))
	wineCheck(t, os.WriteFile(filepath.Join(folder, "preferences.json"), []byte(`{"language": "`+language+`"}`), 0o644))
}

func TestWineCommandsPrint(t *testing.T) {
	w := newWine(t, desk.Options{})
	program := `C:\Trolley\Trolley.exe`
	out, err := w.run("", "wine", program, "--version")
	if err != nil || !strings.HasPrefix(out, "trolley ") {
		t.Errorf("--version: %v, %q", err, out)
	}
	out, err = w.run("", "wine", program, "doctor", "-for", "0")
	if err != nil || !strings.Contains(out, "the shop can be used") && !strings.Contains(out, "in order") {
		t.Errorf("doctor: %v\n%s", err, out)
	}
	_, err = w.run("", "wine", program, "nonsense")
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("a command that there is not: %v", err)
	}
	out, err = w.run("", "wine", "cmd", "/c", program+` --version > C:\out.txt`)
	wineCheck(t, err)
	file, err := os.Open(filepath.Join(w.prefix, "drive_c", "out.txt"))
	wineCheck(t, err)
	defer func() { _ = file.Close() }()
	if text, err := io.ReadAll(file); err != nil || !strings.HasPrefix(string(text), "trolley ") {
		t.Errorf("redirected to a file it says %q, %v\n%s", text, err, out)
	}
}
