package config

import (
	"cmp"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"trolley/data"
)

// Load reads and checks the configuration. The environment wins over the .env
// file, also with an empty value, which means the default, and both win over
// what [SaveConnection] and [SaveSettings] saved. An error joins one
// [data.InvalidError] for each thing of the first two that cannot be used; of
// the Config, only File is set then. What is wrong with the saved files is no
// error but told in Config.SavedErr: the window, where it can be mended, must
// open.
func Load(s Sources) (Config, error) {
	file, err := readFirst([]string{s.WorkDir, s.ExecDir, s.places().config})
	if err != nil {
		return Config{File: file.path}, errors.Join(err)
	}
	base := loader{Sources: s, file: file}
	base.checkFile()
	base.dir = base.dataDir()
	base.readSaved()
	l := base
	c := l.config()
	if known := len(base.refused); len(l.refused) > known {
		refused := l.refused
		l = base
		l.saved = base.saved.without(refused[known:])
		c = l.config()
		c.SavedErr = errors.Join(refused...)
	}
	if len(l.problems) > 0 {
		return Config{File: file.path}, errors.Join(l.problems...)
	}
	return c, nil
}

// loader reads one variable after another and collects what is wrong. A copy
// starts where the original is.
type loader struct {
	Sources
	file     dotenv
	saved    saved
	dir      string  // for this computer's files
	problems []error // with what was given
	refused  []error // of what was saved
}

// config reads all there is.
func (l *loader) config() Config {
	used, offered := l.redis()
	c := Config{
		Redis:    used,
		Shop:     cmp.Or(l.text(envShop), defaultShop),
		Counter:  cmp.Or(l.text(envCounter), counterOf(l.Hostname)),
		Cart:     data.CartID(l.text(envCart)),
		Timeout:  l.timeout(),
		DataDir:  l.dir,
		LogDir:   l.orBeside(l.places().logs, "logs"),
		CacheDir: l.orBeside(l.places().cache, "cache"),
		Log:      l.level(),
		File:     l.file.path,
		Keep:     l.keep(),
		offered:  offered,
	}
	c.given, c.Given = l.given()
	l.check(envShop, data.CheckShop(c.Shop))
	l.check(envCounter, data.CheckCounter(c.Counter))
	if c.Cart != "" {
		_, err := data.ParseCartID(string(c.Cart))
		l.check(envCart, err)
	}
	if c.Redis.Enabled() && c.Keep == KeepFile {
		l.secrets(&c.Redis)
	}
	c.SavedErr = errors.Join(l.refused...)
	return c
}

// hidden stands in errors for a value that may be secret.
const hidden = "***"

// bad notes that a variable cannot be used.
func (l *loader) bad(name, value, reason string) {
	if strings.Contains(value, "@") {
		value = hidden // a server's URL in the wrong place
	}
	err := &data.InvalidError{What: name, Value: data.Clean(value, 40), Reason: reason}
	if l.isSaved(name) {
		l.refused = append(slices.Clip(l.refused), err)
		return
	}
	l.problems = append(slices.Clip(l.problems), err)
}

// badSecret is bad for a value that must not be shown.
func (l *loader) badSecret(name, reason string) { l.bad(name, hidden, reason) }

// check notes a check's error under the variable's name.
func (l *loader) check(name string, err error) {
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
	if v, ok := l.file.vars[name]; ok {
		return v
	}
	return l.saved.vars[name]
}

// text returns a variable without the space around it.
func (l *loader) text(name string) string { return strings.TrimSpace(l.raw(name)) }

// lostReason is why a value with a dollar sign cannot be used as it is.
const lostReason = "a dollar sign in it would be read as the name of another variable; put the value in single quotes"

// checkFile reports what would otherwise be passed over in silence: misspelt
// names, and values that lose a part because of a dollar sign.
func (l *loader) checkFile() {
	for _, name := range slices.Sorted(maps.Keys(l.file.vars)) {
		if ours(name) && !slices.Contains(Names(), name) {
			l.bad(name, l.file.path, "there is no such variable; did you mean "+nearest(name)+"?")
		}
	}
	for _, name := range l.file.lost {
		l.badSecret(name, lostReason)
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
	case wrongTimeout(d):
		l.bad(envTimeout, v, reasonTimeout)
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

// yes reads a variable that is yes or no.
func (l *loader) yes(name string) bool {
	switch v := strings.ToLower(l.text(name)); v {
	case "yes", "":
	case "no":
		return false
	default:
		l.bad(name, v, "it is not yes or no")
	}
	return true
}

func (l *loader) keep() Keep {
	keep := Keep(cmp.Or(strings.ToLower(l.text(envPasswordIn)), string(KeepAsk)))
	if !keep.known() {
		l.badSecret(envPasswordIn, "it is not ask, keychain or file") // or the password itself, by mistake
	}
	return keep
}
