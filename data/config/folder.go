package config

import (
	"cmp"
	"os"
	"path/filepath"
)

// dataDir returns the folder for this computer's files: the one asked for, or
// the operating system's place for application data.
func (l *loader) dataDir() string {
	dir := l.text(envDataDir)
	if dir == "" {
		if dir = l.systemDataDir(); dir == "" {
			l.bad(envDataDir, "", "this computer names no folder for application data; give one")
		}
		return dir
	}
	if !filepath.IsAbs(dir) {
		l.bad(envDataDir, dir, "it is not a whole path from the root")
	} else if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		l.bad(envDataDir, dir, "it is not a folder")
	}
	return dir
}

func (l *loader) systemDataDir() string {
	switch l.OS {
	case "windows":
		return under(l.env("LocalAppData"), "Trolley")
	case "darwin":
		return under(l.HomeDir, "Library", "Application Support", AppID)
	}
	if dir := l.env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "trolley")
	}
	return under(l.HomeDir, ".local", "share", "trolley")
}

// logDir returns the folder for what the program writes about itself: where the
// operating system wants such files, or with all others where a folder for
// those was asked for.
func (l *loader) logDir() string {
	beside := under(l.dir, "logs")
	if l.text(envDataDir) != "" {
		return beside
	}
	return cmp.Or(l.systemLogDir(), beside)
}

func (l *loader) systemLogDir() string {
	switch l.OS {
	case "windows":
		return under(l.env("LocalAppData"), "Trolley", "Logs")
	case "darwin":
		return under(l.HomeDir, "Library", "Logs", AppID)
	}
	if dir := l.env("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "trolley")
	}
	return under(l.HomeDir, ".local", "state", "trolley")
}

// env returns a variable of the operating system.
func (l *loader) env(name string) string {
	v, _ := l.Lookup(name)
	return v
}

// under joins a path, unless its root is not known.
func under(root string, parts ...string) string {
	if root == "" {
		return ""
	}
	return filepath.Join(append([]string{root}, parts...)...)
}
