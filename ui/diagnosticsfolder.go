package ui

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// openLogFolder shows the folder of the log, and calls failed with a sentence
// for people where it cannot.
func (w *Window) openLogFolder(failed func(string)) { w.openFolder(w.opt.Logbook.Dir(), failed) }

// openDataFolder shows the folder with the files of this computer, among them
// the connection, which can be copied to another one.
func (w *Window) openDataFolder() {
	w.openFolder(w.opt.System.DataDir, func(problem string) { w.tellProblem(textDataFolder.say(), problem) })
}

const textDataFolder phrase = "Open data folder"

// openFolder shows a folder in the system's own window.
func (w *Window) openFolder(dir string, failed func(string)) {
	open := w.app.OpenURL
	w.goDo(func() { // some systems wait for their window
		if err := openFolder(dir, open); err != nil {
			w.log.Warn("the folder was not shown", "folder", dir, "error", err)
			w.async(func() {
				failed(phrase("The folder could not be opened. It is {path}.").with("path", dir))
			})
		}
	})
}

func openFolder(dir string, open func(*url.URL) error) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("name the folder: %w", err)
	}
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("find the folder: %w", err)
	}
	if err := open(folderURL(dir, runtime.GOOS)); err != nil {
		return fmt.Errorf("show the folder: %w", err)
	}
	return nil
}

// folderURL names a folder as a URL. On Windows C:\logs becomes file:///C:/logs
// and \\server\logs becomes file://server/logs.
func folderURL(path, goos string) *url.URL {
	u := &url.URL{Scheme: "file", Path: path}
	if goos != "windows" {
		return u
	}
	u.Path = strings.ReplaceAll(path, `\`, "/")
	if share, ok := strings.CutPrefix(u.Path, "//"); ok {
		u.Host, u.Path, _ = strings.Cut(share, "/")
	}
	u.Path = "/" + strings.TrimPrefix(u.Path, "/")
	return u
}
