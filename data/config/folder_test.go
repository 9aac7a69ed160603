package config

import (
	"path/filepath"
	"strings"
	"testing"
)

// wherever says where the files of each kind are, by system and environment.
// HOME and ABS stand for whole paths, as the system has them that runs the test.
var wherever = []struct {
	os, env                   string
	config, data, logs, cache string
}{
	{"linux", "", "HOME/.config/trolley", "HOME/.local/share/trolley", "HOME/.local/state/trolley", "HOME/.cache/trolley"},
	{
		"linux", "XDG_CONFIG_HOME=ABS/c XDG_DATA_HOME=ABS/d XDG_STATE_HOME=ABS/s XDG_CACHE_HOME=ABS/k",
		"ABS/c/trolley", "ABS/d/trolley", "ABS/s/trolley", "ABS/k/trolley",
	},
	{
		"linux", "XDG_CONFIG_HOME=c XDG_DATA_HOME=./d XDG_STATE_HOME=../s XDG_CACHE_HOME=",
		"HOME/.config/trolley", "HOME/.local/share/trolley", "HOME/.local/state/trolley", "HOME/.cache/trolley",
	},
	{"linux", "XDG_DATA_HOME=ABS LocalAppData=ABS/w", "HOME/.config/trolley", "ABS/trolley", "HOME/.local/state/trolley", "HOME/.cache/trolley"},
	{"linux", "HOME= XDG_DATA_HOME=ABS", "", "ABS/trolley", "ABS/trolley/logs", "ABS/trolley/cache"},
	{"linux", "HOME=relative XDG_DATA_HOME=ABS", "", "ABS/trolley", "ABS/trolley/logs", "ABS/trolley/cache"},
	{"linux", "TROLLEY_DATA_DIR=ABS XDG_STATE_HOME=ABS/s", "HOME/.config/trolley", "ABS", "ABS/logs", "ABS/cache"},
	{"freebsd", "", "HOME/.config/trolley", "HOME/.local/share/trolley", "HOME/.local/state/trolley", "HOME/.cache/trolley"},

	{"windows", "AppData=ABS/r LocalAppData=ABS/l", "ABS/r/trolley", "ABS/l/Trolley", "ABS/l/Trolley/Logs", "ABS/l/Trolley/Cache"},
	{
		"windows", "", "HOME/AppData/Roaming/trolley", "HOME/AppData/Local/Trolley",
		"HOME/AppData/Local/Trolley/Logs", "HOME/AppData/Local/Trolley/Cache",
	},
	{
		"windows", "AppData=r LocalAppData=l XDG_DATA_HOME=ABS", "HOME/AppData/Roaming/trolley", "HOME/AppData/Local/Trolley",
		"HOME/AppData/Local/Trolley/Logs", "HOME/AppData/Local/Trolley/Cache",
	},
	{"windows", "HOME= LocalAppData=ABS", "", "ABS/Trolley", "ABS/Trolley/Logs", "ABS/Trolley/Cache"},
	{"windows", "TROLLEY_DATA_DIR=ABS AppData=ABS/r", "ABS/r/trolley", "ABS", "ABS/logs", "ABS/cache"},

	{
		"darwin", "", "HOME/Library/Application Support/trolley", "HOME/Library/Application Support/" + AppID,
		"HOME/Library/Logs/" + AppID, "HOME/Library/Caches/" + AppID,
	},
	{
		"darwin", "XDG_CONFIG_HOME=ABS XDG_DATA_HOME=ABS XDG_STATE_HOME=ABS XDG_CACHE_HOME=ABS LocalAppData=ABS",
		"HOME/Library/Application Support/trolley", "HOME/Library/Application Support/" + AppID,
		"HOME/Library/Logs/" + AppID, "HOME/Library/Caches/" + AppID,
	},
	{"darwin", "TROLLEY_DATA_DIR=ABS", "HOME/Library/Application Support/trolley", "ABS", "ABS/logs", "ABS/cache"},
}

func TestPlacesOfEachSystem(t *testing.T) {
	abs := t.TempDir()
	for _, w := range wherever {
		t.Run(w.os+" "+w.env, func(t *testing.T) {
			s := placed(t, w.os, strings.ReplaceAll(w.env, "ABS", abs))
			path := func(p string) string {
				return filepath.FromSlash(strings.NewReplacer("HOME", s.HomeDir, "ABS", abs).Replace(p))
			}
			if got := s.places().config; got != path(w.config) {
				t.Errorf("settings in %q, want %q", got, path(w.config))
			}
			c := load(t, s)
			for what, is := range map[string][2]string{
				"data": {c.DataDir, w.data}, "logs": {c.LogDir, w.logs}, "cache": {c.CacheDir, w.cache},
			} {
				if is[0] != path(is[1]) {
					t.Errorf("%s in %q, want %q", what, is[0], path(is[1]))
				}
			}
		})
	}
}

// placed returns the sources of a system with an environment, a word for each
// variable; HOME is the person's folder on all of them.
func placed(t *testing.T, system, env string) Sources {
	t.Helper()
	vars := map[string]string{}
	for _, word := range strings.Fields(env) {
		name, value, _ := strings.Cut(word, "=")
		vars[name] = value
	}
	s := sources(t, vars)
	s.OS = system
	if home, given := vars["HOME"]; given {
		s.HomeDir = home
	}
	return s
}

// The .env file of the person's settings is read there.
func TestDotenvOfEachSystem(t *testing.T) {
	for _, system := range []string{"linux", "windows", "darwin"} {
		s := placed(t, system, "")
		want := write(t, filepath.Join(s.places().config, ".env"), "TROLLEY_SHOP=mine\n")
		if c := load(t, s); c.File != want || c.Shop != "mine" {
			t.Errorf("%s: read %q, shop %q", system, c.File, c.Shop)
		}
	}
}

// Nothing is kept where nobody would find it again.
func TestNoFolderForData(t *testing.T) {
	for _, system := range []string{"linux", "windows", "darwin"} {
		for _, env := range []string{"HOME=", "HOME=relative XDG_DATA_HOME=also LocalAppData=also"} {
			_, err := Load(placed(t, system, env))
			if got := problems(t, err); len(got) != 1 || got[0].What != envDataDir {
				t.Errorf("%s %s: got %v", system, env, err)
			}
		}
	}
}
