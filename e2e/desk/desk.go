//go:build linux

// Package desk is a virtual screen with programs in real windows on it, driven
// by keyboard and mouse as a person would.
//
// A [Desk] owns an X server and a window manager of its own, on a display that
// is free; each [Window] owns one program. [Desk.Close] ends all of them, and
// if this process dies the kernel does. Errors instead of a testing.T: tests
// and the tour use it alike. A Desk and its windows are for one goroutine.
package desk

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Patience is how long anything on the desk may take to happen.
const Patience = 30 * time.Second

// Options of a desk. The zero value means the defaults.
type Options struct {
	Width, Height int    // in pixels; default 1280x800
	Theme         string // "light" or "dark"; default light
	NoOpenGL      bool   // the screen has none
}

// Desk is a virtual screen.
type Desk struct {
	dir     string // home of the programs, and their logs
	env     []string
	server  *process
	manager *process
	windows []*Window
	copied  *process // hands out what is on the clipboard; nil: nothing is
}

// Start opens a desk. It needs the commands Xvfb, openbox, xdotool, xprop and
// import, and xclip for [Window.Paste].
func Start(o Options) (*Desk, error) {
	dir, err := os.MkdirTemp("", "desk")
	if err != nil {
		return nil, fmt.Errorf("make the desk's folder: %w", err)
	}
	d := &Desk{dir: dir}
	if err := d.start(o); err != nil {
		return nil, errors.Join(fmt.Errorf("start the desk: %w", err), d.Close())
	}
	return d, nil
}

func (d *Desk) start(o Options) error {
	if o.Width == 0 || o.Height == 0 {
		o.Width, o.Height = 1280, 800
	}
	if o.Theme == "" {
		o.Theme = "light"
	}
	if err := d.setHome(o.Theme); err != nil {
		return err
	}
	display, err := d.startServer(o)
	if err != nil {
		return err
	}
	d.env = append(d.env, "DISPLAY="+display)
	d.manager, err = start("openbox", d.log("openbox"), d.env, d.Home(), []string{"openbox", "--sm-disable"})
	if err != nil {
		return err
	}
	return Until("the window manager answers", func() (bool, error) {
		// Xprop fails as long as the X server does not answer.
		out, _ := d.tool("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
		return strings.Contains(out, "window id"), cmp.Or(d.server.ended(), d.manager.ended())
	})
}

// setHome makes a home that programs of other desks, and of the person, have
// no part in.
func (d *Desk) setHome(theme string) error {
	home := d.Home()
	d.env = []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + home,
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"),
		"XDG_DATA_HOME=" + filepath.Join(home, "data"),
		"XDG_CACHE_HOME=" + filepath.Join(home, "cache"),
		"XDG_RUNTIME_DIR=" + filepath.Join(home, "run"),
		"TMPDIR=" + d.dir,
		"LANG=en_US.UTF-8",
		"DBUS_SESSION_BUS_ADDRESS=unix:path=/dev/null",
		"LIBGL_ALWAYS_SOFTWARE=1",
		"FYNE_THEME=" + theme,
	}
	for _, name := range []string{"config", "data", "cache", "run"} {
		if err := os.MkdirAll(filepath.Join(home, name), 0o700); err != nil {
			return err
		}
	}
	return nil
}

// startServer starts the X server and returns the display it chose.
func (d *Desk) startServer(o Options) (string, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer func() { _ = read.Close() }()
	argv := []string{"Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", o.Width, o.Height), "-nolisten", "tcp", "-noreset"}
	if o.NoOpenGL {
		argv = append(argv, "-extension", "GLX")
	}
	d.server, err = start("Xvfb", d.log("Xvfb"), d.env, d.dir, argv, write)
	_ = write.Close()
	if err != nil {
		return "", err
	}
	// The number comes, as a line, when the server is ready; the end of the
	// file if it could not start.
	if err := read.SetReadDeadline(time.Now().Add(Patience)); err != nil {
		return "", err
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("wait for the X server: %w", err)
	}
	return ":" + strings.TrimSpace(number), nil
}

// Close ends all programs, the screen, and deletes what they left.
func (d *Desk) Close() error {
	var errs []error
	for _, w := range d.windows {
		errs = append(errs, w.Kill())
	}
	errs = append(errs, d.copied.kill(), d.manager.kill(), d.server.stop(), os.RemoveAll(d.dir))
	return errors.Join(errs...)
}

// Home returns the home folder of the desk's programs. Those of one desk share
// it, unless they are told otherwise by their environment.
func (d *Desk) Home() string { return filepath.Join(d.dir, "home") }

func (d *Desk) log(name string) string { return filepath.Join(d.dir, name+".log") }

// copy puts a text on the clipboard.
func (d *Desk) copy(text string) error {
	if err := d.copied.kill(); err != nil {
		return err
	}
	path := filepath.Join(d.dir, "copied")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	var err error
	d.copied, err = start("xclip", d.log("xclip"), d.env, d.dir, []string{"xclip", "-quiet", "-selection", "clipboard", path})
	if err != nil {
		return err
	}
	return Until("the text is on the clipboard", func() (bool, error) {
		// Xclip fails as long as there is nothing.
		now, _ := d.tool("xclip", "-out", "-selection", "clipboard")
		return now == text, d.copied.ended()
	})
}

// Picture saves the whole screen as a PNG.
func (d *Desk) Picture(path string) error {
	_, err := d.tool("import", "-window", "root", path)
	return err
}

// tool runs a command on the screen, and returns what it printed.
func (d *Desk) tool(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(cmd.Environ(), d.env...)
	cmd.Env = append(cmd.Env, "LC_ALL=C.UTF-8")
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w %s", name, strings.Join(args, " "), err, bytes.TrimSpace(errOut.Bytes()))
	}
	return out.String(), nil
}

// Until asks again and again whether something has come to be, until it has,
// asking fails, or Patience runs out.
func Until(what string, done func() (bool, error)) error {
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		ok, err := done()
		if err != nil {
			return fmt.Errorf("wait until %s: %w", what, err)
		}
		if ok {
			return nil
		}
		select {
		case <-deadline.C:
			return fmt.Errorf("waited %s in vain until %s", Patience, what)
		case <-again.C:
		}
	}
}
