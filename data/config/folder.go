package config

import (
	"cmp"
	"os"
	"path/filepath"
)

// places are the folders that an operating system has for the files of one
// program and person; empty: it names none.
type places struct {
	config string // for a .env file
	data   string // what nobody may lose, on a disk of this computer
	logs   string // what the program writes about itself
	cache  string // what can be made again at any time
}

// places returns the folders of the operating system. What its environment says
// counts where it is a whole path; anything else is as if it were not there, as
// a file would be found again from one working folder only.
func (s Sources) places() places {
	home := whole(s.HomeDir)
	switch s.OS {
	case "windows":
		roaming := cmp.Or(s.folder("AppData"), under(home, "AppData", "Roaming"))
		local := cmp.Or(s.folder("LocalAppData"), under(home, "AppData", "Local"))
		return places{
			config: under(roaming, "trolley"),
			data:   under(local, "Trolley"),
			logs:   under(local, "Trolley", "Logs"),
			cache:  under(local, "Trolley", "Cache"),
		}
	case "darwin":
		library := under(home, "Library")
		return places{
			config: under(library, "Application Support", "trolley"),
			data:   under(library, "Application Support", AppID),
			logs:   under(library, "Logs", AppID),
			cache:  under(library, "Caches", AppID),
		}
	}
	return places{
		config: under(cmp.Or(s.folder("XDG_CONFIG_HOME"), under(home, ".config")), "trolley"),
		data:   under(cmp.Or(s.folder("XDG_DATA_HOME"), under(home, ".local", "share")), "trolley"),
		logs:   under(cmp.Or(s.folder("XDG_STATE_HOME"), under(home, ".local", "state")), "trolley"),
		cache:  under(cmp.Or(s.folder("XDG_CACHE_HOME"), under(home, ".cache")), "trolley"),
	}
}

// folder returns the folder that a variable of the operating system names.
func (s Sources) folder(name string) string {
	v, _ := s.Lookup(name)
	return whole(v)
}

// whole returns a path that begins at the root, and nothing for others.
func whole(path string) string {
	if !filepath.IsAbs(path) {
		return ""
	}
	return path
}

// under joins a path, unless its root is not known.
func under(root string, parts ...string) string {
	if root == "" {
		return ""
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

// dataDir returns the folder for this computer's files: the one asked for, or
// the operating system's place for application data.
func (l *loader) dataDir() string {
	dir := l.text(envDataDir)
	if dir == "" {
		if dir = l.places().data; dir == "" {
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

// orBeside returns a folder of the operating system, or one of that name with
// all other files, where a folder for those was asked for or there is no other.
func (l *loader) orBeside(systems, name string) string {
	if systems == "" || l.text(envDataDir) != "" {
		return under(l.dir, name)
	}
	return systems
}
