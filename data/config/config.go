package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"trolley/data"
)

// Config is how the program was asked to run. It is safe to print.
type Config struct {
	Redis   Redis
	Shop    string        // 1 to 128 characters of an id
	Counter string        // this desk's name, as the others see it
	Cart    data.CartID   // cart to open first; empty: not asked for
	Timeout time.Duration // of carts; 0: never, otherwise 1 s or more
	DataDir string        // folder for this computer's files; it may not be there yet
	Log     slog.Level
	File    string // the .env file that was read; empty: none
}

// DefaultTimeout is a cart's timeout where none was asked for.
const DefaultTimeout = 30 * time.Minute

// DefaultCart returns the id of this counter's own cart.
func (c Config) DefaultCart() string {
	const prefix = "counter-"
	id := data.IDFrom(c.Counter)
	if id != "" && !strings.ContainsFunc(c.Counter, func(r rune) bool { return r > 127 }) {
		return prefix + id
	}
	// Letters that an id may not hold were dropped; without a mark of its own
	// one such counter would share its cart with another.
	own := string(data.DerivedOp(c.Counter))[:8]
	return prefix + strings.TrimPrefix(id+"-"+own, "-")
}

// String returns the configuration in one line, without secrets.
func (c Config) String() string {
	return fmt.Sprintf("redis=%s shop=%s counter=%q cart=%q timeout=%s data=%q log=%s file=%q",
		c.Redis, c.Shop, c.Counter, c.Cart, c.Timeout, c.DataDir, c.Log, c.File)
}

// Sources is where a configuration comes from.
type Sources struct {
	Lookup        func(name string) (string, bool) // the environment
	WorkDir       string                           // folders of a .env file, looked at in this
	ExecDir       string                           // order; an empty one is passed over
	UserConfigDir string                           // the .env file is in its folder "trolley"
	HomeDir       string
	Hostname      string
	OS            string // as runtime.GOOS
}

// System returns the sources of this process. What cannot be found out is
// left empty.
func System() Sources {
	s := Sources{Lookup: os.LookupEnv, OS: runtime.GOOS}
	s.WorkDir, _ = os.Getwd()
	if exe, err := os.Executable(); err == nil {
		s.ExecDir = filepath.Dir(exe)
	}
	s.UserConfigDir, _ = os.UserConfigDir()
	s.HomeDir, _ = os.UserHomeDir()
	s.Hostname, _ = os.Hostname()
	return s
}

// Load reads and checks the configuration. The environment wins over the .env
// file, also with an empty value, which means the default. An error joins one
// [data.InvalidError] for each thing that cannot be used; of the Config, only
// File is set then.
func Load(s Sources) (Config, error) {
	dirs := []string{s.WorkDir, s.ExecDir, ""}
	if s.UserConfigDir != "" {
		dirs[2] = filepath.Join(s.UserConfigDir, "trolley")
	}
	file, err := readFile(dirs)
	if err != nil {
		return Config{File: file.path}, errors.Join(err)
	}
	l := &loader{Sources: s, file: file}
	l.checkFile()
	c := Config{
		Redis:   l.redis(),
		Shop:    cmp.Or(l.text(envShop), "main"),
		Counter: cmp.Or(l.text(envCounter), counterOf(s.Hostname)),
		Cart:    data.CartID(l.text(envCart)),
		Timeout: l.timeout(),
		DataDir: l.dataDir(),
		Log:     l.level(),
		File:    file.path,
	}
	l.refused(envShop, data.CheckShop(c.Shop))
	l.refused(envCounter, data.CheckCounter(c.Counter))
	if c.Cart != "" {
		_, err := data.ParseCartID(string(c.Cart))
		l.refused(envCart, err)
	}
	if len(l.problems) > 0 {
		return Config{File: file.path}, errors.Join(l.problems...)
	}
	return c, nil
}

// counterOf makes a counter's name of the computer's.
func counterOf(host string) string {
	host, _, _ = strings.Cut(host, ".")
	return cmp.Or(data.Clean(host, data.MaxCounterLen), "counter")
}

// loader reads one variable after another and collects what is wrong.
type loader struct {
	Sources
	file     dotenv
	problems []error
}

// hidden stands in errors for a value that may be secret.
const hidden = "***"

// bad notes that a variable cannot be used.
func (l *loader) bad(name, value, reason string) {
	if strings.Contains(value, "@") {
		value = hidden // a server's URL in the wrong place
	}
	l.problems = append(l.problems, &data.InvalidError{What: name, Value: data.Clean(value, 40), Reason: reason})
}

// badSecret is bad for a value that must not be shown.
func (l *loader) badSecret(name, reason string) { l.bad(name, hidden, reason) }

// refused notes a check's error under the variable's name.
func (l *loader) refused(name string, err error) {
	var invalid *data.InvalidError
	if errors.As(err, &invalid) {
		l.bad(name, invalid.Value, invalid.Reason)
	}
}

// raw returns a variable exactly as it was given.
func (l *loader) raw(name string) string {
	if v, ok := l.Lookup(name); ok {
		return v
	}
	return l.file.vars[name]
}

// text returns a variable without the space around it.
func (l *loader) text(name string) string { return strings.TrimSpace(l.raw(name)) }

// checkFile reports what would otherwise be passed over in silence: misspelt
// names, and values that lose a part because of a dollar sign.
func (l *loader) checkFile() {
	for _, name := range slices.Sorted(maps.Keys(l.file.vars)) {
		if ours(name) && !slices.Contains(Names(), name) {
			l.bad(name, l.file.path, "there is no such variable; did you mean "+nearest(name)+"?")
		}
	}
	for _, name := range l.file.lost {
		l.badSecret(name, "a dollar sign in it would be read as the name of another variable; put the value in single quotes")
	}
}

func (l *loader) timeout() time.Duration {
	v := l.text(envTimeout)
	if v == "" {
		return DefaultTimeout
	}
	d, err := time.ParseDuration(v)
	switch {
	case err != nil:
		l.bad(envTimeout, v, "write it like 30m, 1h30m or 90s; 0 means never")
	case d < 0 || d > 0 && d < time.Second:
		l.bad(envTimeout, v, "it is not 0 (never) and not 1s or more")
	}
	return d
}

func (l *loader) level() slog.Level {
	v := strings.ToLower(l.text(envLog))
	level, ok := map[string]slog.Level{
		"": slog.LevelInfo, "debug": slog.LevelDebug, "info": slog.LevelInfo,
		"warn": slog.LevelWarn, "error": slog.LevelError,
	}[v]
	if !ok {
		l.bad(envLog, v, "it is not debug, info, warn or error")
	}
	return level
}
