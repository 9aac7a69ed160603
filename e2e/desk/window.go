//go:build linux

package desk

import (
	"cmp"
	"fmt"
	"image"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

// Window is a program that was started, and its one window.
type Window struct {
	desk *Desk
	proc *process
	id   string // of the X server
}

// Launch starts a program and waits for its window. Env is added to the desk's
// environment, one "NAME=value" each. The program runs in the desk's home.
func (d *Desk) Launch(name, binary string, env ...string) (*Window, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, fmt.Errorf("launch %s: %w", name, err)
	}
	all := append(append([]string(nil), d.env...), env...)
	proc, err := start(name, d.log(fmt.Sprintf("%02d-%s", len(d.windows), name)), all, d.Home(), []string{binary})
	if err != nil {
		return nil, err
	}
	w := &Window{desk: d, proc: proc}
	d.windows = append(d.windows, w)
	err = Until(name+" shows its window", func() (bool, error) {
		// Xdotool fails as long as it finds nothing.
		out, _ := d.tool("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(proc.cmd.Process.Pid))
		w.id, _, _ = strings.Cut(strings.TrimSpace(out), "\n")
		return w.id != "", proc.ended()
	})
	if err != nil {
		return nil, err
	}
	return w, w.Still()
}

// Title returns the window's title.
func (w *Window) Title() (string, error) {
	out, err := w.desk.tool("xdotool", "getwindowname", w.id)
	return strings.TrimSpace(out), err
}

// Class returns the name by which a desktop finds the entry of the program and
// its icon.
func (w *Window) Class() (string, error) {
	out, err := w.desk.tool("xprop", "-id", w.id, "-notype", "WM_CLASS")
	_, class, _ := strings.Cut(strings.TrimSpace(out), ", ")
	return strings.Trim(class, `"`), err
}

// Place moves the window's content to x, y and gives it a size, in pixels. A
// window that draws at that moment may take its old size again, so it is asked
// until it has the new one.
func (w *Window) Place(x, y, width, height int) error {
	var asked time.Time
	err := Until("the window has its size", func() (bool, error) {
		out, err := w.desk.tool("xdotool", "getwindowgeometry", w.id)
		if strings.Contains(out, fmt.Sprintf("Geometry: %dx%d\n", width, height)) && !asked.IsZero() || err != nil {
			return err == nil, cmp.Or(w.proc.ended(), err)
		}
		if time.Since(asked) < askAgain {
			return false, w.proc.ended()
		}
		asked = time.Now()
		_, err = w.desk.tool("xdotool", "windowsize", w.id, strconv.Itoa(width), strconv.Itoa(height),
			"windowmove", w.id, strconv.Itoa(x), strconv.Itoa(y))
		return false, cmp.Or(w.proc.ended(), err)
	})
	if err != nil {
		return err
	}
	return w.Still()
}

// askAgain is how long a window has to take a size.
const askAgain = 2 * time.Second

// Focus brings the window to the front and gives it the keyboard.
func (w *Window) Focus() error {
	active := func() (bool, error) {
		out, _ := w.desk.tool("xdotool", "getactivewindow") // fails while there is none
		return strings.TrimSpace(out) == w.id, w.proc.ended()
	}
	if ok, err := active(); ok || err != nil {
		return err
	}
	if _, err := w.desk.tool("xdotool", "windowactivate", w.id); err != nil {
		return err
	}
	return Until("the window has the keyboard", active)
}

// The time of a letter when a person types. A window can be held up and take
// keys in by the bunch: what comes faster than quickTypist can be a barcode
// scanner's to the program. What is not on the keyboard goes slowly: xdotool
// changes the keyboard for each such letter, and the program has to take notice.
const (
	quickTypist = 80 * time.Millisecond
	slowTypist  = 200 * time.Millisecond
)

// typing is the delay with which xdotool types letters of so much time each. It
// takes half of what it is given (measured with 3.20160805: 100 letters with 30
// take 1.6 s).
func typing(perKey time.Duration) string { return millis(2 * perKey) }

// Type types text as a person would, if a quick one.
func (w *Window) Type(text string) error {
	perKey := quickTypist
	if strings.ContainsFunc(text, func(r rune) bool { return r > 126 }) {
		perKey = slowTypist
	}
	began := time.Now()
	if err := w.input("type", "--clearmodifiers", "--delay", typing(perKey), "--", text); err != nil {
		return err
	}
	letters := utf8.RuneCountInString(text)
	if took := time.Since(began); took < time.Duration(letters)*perKey {
		return fmt.Errorf("xdotool typed %d letters in %s, too fast for a person", letters, took)
	}
	return nil
}

// Enter types a line and presses Enter as a person would, who looks up first.
func (w *Window) Enter(line string) error { return w.Fill(line, "Return") }

// Fill types a text into a field and then presses keys, such as "Tab" to the
// next one. As a person would, it looks up in between.
func (w *Window) Fill(text string, then ...string) error {
	if err := w.Type(text); err != nil {
		return err
	}
	if err := w.rest(pauseToLook); err != nil {
		return err
	}
	return w.Key(then...)
}

// Paste pastes a text, as if it had been copied in another program.
func (w *Window) Paste(text string) error {
	if err := w.desk.copy(text); err != nil {
		return err
	}
	if err := w.Key("ctrl+v"); err != nil {
		return err
	}
	return w.rest(pauseToLook)
}

// pauseToLook is how long a person stops before pressing Enter.
const pauseToLook = 250 * time.Millisecond

// QuickestKey is the time of a key of the quickest scanner there can be. USB asks
// a keyboard once a millisecond at the most, and a key goes down and up again.
// What comes faster comes from no hardware and gets lost: GLFW takes the second
// of two presses of a key within a millisecond for an echo of the system's input
// method (keyPressTimes in its x11_window.c).
const QuickestKey = 2 * time.Millisecond

// Scan types codes as a barcode scanner does, one after another without a
// pause, each with Enter behind it. PerKey is the time of one key, half of which
// it is down; see QuickestKey.
func (w *Window) Scan(perKey time.Duration, codes ...string) error {
	var chain []string
	for _, code := range codes {
		chain = append(chain, "type", "--delay", typing(perKey), "--args", "1", code, "key", "--delay", millis(perKey), "Return")
	}
	return w.input(chain[0], chain[1:]...)
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Key presses keys, each named as xdotool does: "Return", "ctrl+f", "Tab".
func (w *Window) Key(names ...string) error {
	return w.input("key", append([]string{"--clearmodifiers", "--delay", "30", "--"}, names...)...)
}

// Click clicks at x, y of the window's content.
func (w *Window) Click(x, y int) error {
	return w.input("mousemove", "--window", w.id, strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

// Scroll turns the mouse wheel at x, y by so many steps, downwards if positive.
func (w *Window) Scroll(x, y, steps int) error {
	button := "5"
	if steps < 0 {
		button, steps = "4", -steps
	}
	return w.input("mousemove", "--window", w.id, strconv.Itoa(x), strconv.Itoa(y),
		"click", "--repeat", strconv.Itoa(steps), "--delay", "30", button)
}

func (w *Window) input(command string, args ...string) error {
	if err := w.Focus(); err != nil {
		return err
	}
	_, err := w.desk.tool("xdotool", append([]string{command}, args...)...)
	return cmp.Or(w.proc.ended(), err)
}

// Picture saves the window's content, as far as it is on the screen and not
// covered, as a PNG.
func (w *Window) Picture(path string) error {
	_, err := w.desk.tool("import", "-window", w.id, "-define", "png:compression-level=3", path)
	return cmp.Or(w.proc.ended(), err)
}

// Image returns the window's content.
func (w *Window) Image() (*image.RGBA, error) {
	path := filepath.Join(w.desk.dir, "picture.png")
	if err := w.Picture(path); err != nil {
		return nil, err
	}
	return readPNG(path)
}

// Still waits until the window shows something and has stopped changing, or
// has gone on changing for so long that something in it must be moving.
func (w *Window) Still() error { return w.rest(0) }

// rest is Still for a window that must not have changed for so long.
func (w *Window) rest(unchanged time.Duration) error {
	const moving = 5 * time.Second
	began := time.Now()
	var last *image.RGBA
	var since time.Time
	return Until("the window stands still", func() (bool, error) {
		now, err := w.Image()
		if err != nil || Blank(now) {
			return false, err
		}
		if last == nil || Differ(last, now) {
			last, since = now, time.Now()
			return time.Since(began) > moving, nil
		}
		return time.Since(since) >= unchanged, nil
	})
}

// Changed waits until the window shows something else than before, and has
// stopped changing.
func (w *Window) Changed(before *image.RGBA) error {
	err := Until("the window changes", func() (bool, error) {
		now, err := w.Image()
		return err == nil && Differ(before, now), err
	})
	if err != nil {
		return err
	}
	return w.Still()
}

// Abort ends the program as a fault of its own does that it cannot recover from.
func (w *Window) Abort() error {
	if err := w.proc.signal(syscall.SIGABRT); err != nil {
		return err
	}
	return w.proc.wait(Patience)
}

// Kill ends the program as a power cut would.
func (w *Window) Kill() error { return w.proc.kill() }

// Quit asks the program to end and waits until it has.
func (w *Window) Quit() error {
	if err := w.proc.signal(syscall.SIGTERM); err != nil {
		return err
	}
	return w.proc.waitUnstuck()
}

// QuitBy presses a key that ends the program and waits until it has, with an
// exit code for [Window.ExitCode]. The program may be gone before the key is up
// again, which is no fault.
func (w *Window) QuitBy(key string) error {
	if err := w.Focus(); err != nil {
		return err
	}
	if _, err := w.desk.tool("xdotool", "key", "--clearmodifiers", key); err != nil {
		return err
	}
	return w.proc.waitUnstuck()
}

// Pause stops the program in its tracks; Resume lets it go on.
func (w *Window) Pause() error { return w.proc.signal(syscall.SIGSTOP) }

// Resume lets a paused program go on.
func (w *Window) Resume() error { return w.proc.signal(syscall.SIGCONT) }

// ExitCode returns the program's exit code, -1 while it runs or if a signal
// ended it.
func (w *Window) ExitCode() int {
	if w.proc.ended() == nil {
		return -1
	}
	return w.proc.cmd.ProcessState.ExitCode()
}

// Log returns what the program has printed so far.
func (w *Window) Log() string { return w.proc.said() }

// Until waits for something that this window's program does; see [Until].
func (w *Window) Until(what string, done func() (bool, error)) error {
	return Until(what, func() (bool, error) {
		ok, err := done()
		return ok, cmp.Or(err, w.proc.ended())
	})
}
