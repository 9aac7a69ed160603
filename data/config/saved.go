package config

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"trolley/data"
)

// The files in the folder for this computer's files, and what each may hold.
const (
	connectionFile = "connection.env"
	settingsFile   = "settings.env"
	secretsFile    = "secrets.env"
)

// envSecretsFor names, in the file of secrets only, whose they are. The file
// of a connection may have been copied over from another computer since.
const envSecretsFor = "TROLLEY_SECRETS_FOR"

// namesIn returns the variables that belong into a saved file.
func namesIn(file string) []string {
	switch file {
	case connectionFile:
		return append(connectionNames(), envShop, envPasswordIn)
	case settingsFile:
		return []string{envCounter, envTimeout}
	}
	return []string{envSecretsFor, envPassword, envSentinelPass}
}

// saved is what somebody chose in the window, for what the environment and the
// .env file leave open.
type saved struct {
	vars map[string]string
	// connection says that there is a saved connection, good or bad, and that
	// it counts.
	connection bool
}

// without returns what is left when some of it cannot be used. Of a connection
// nothing is used then, so that no carts end up in the wrong shop; it can still
// be offered.
func (s saved) without(refused []error) saved {
	s.vars = maps.Clone(s.vars)
	for _, err := range refused {
		var invalid *data.InvalidError
		if !errors.As(err, &invalid) {
			continue
		}
		switch invalid.What {
		case envCounter, envTimeout, envPasswordIn:
		default:
			s.vars[envUse] = "no"
		}
		if !slices.Contains(connectionNames(), invalid.What) {
			delete(s.vars, invalid.What)
		}
	}
	return s
}

// isSaved reports whether it is a saved file that says what a variable is.
func (l *loader) isSaved(name string) bool {
	if slices.Contains(connectionNames(), name) {
		return l.saved.connection
	}
	_, is := l.saved.vars[name]
	return is && l.source(name) == ""
}

// source returns who gave a variable: the [Environment], the path of the .env
// file, or "" for neither.
func (l *loader) source(name string) string {
	if _, ok := l.Lookup(name); ok {
		return Environment
	}
	if _, ok := l.file.vars[name]; ok {
		return l.file.path
	}
	return ""
}

// sourceOf returns who gave the first of the variables that was given; the
// environment comes first.
func (l *loader) sourceOf(names ...string) string {
	from := ""
	for _, name := range names {
		switch s := l.source(name); s {
		case Environment:
			return s
		case "":
		default:
			from = s
		}
	}
	return from
}

// given returns which fields the environment or the .env file says, and one
// word for who said it.
func (l *loader) given() (fields map[Field]string, who string) {
	fields = map[Field]string{}
	connection := l.sourceOf(connectionNames()...)
	if connection != "" {
		for _, f := range connectionFields() {
			fields[f] = connection
		}
	}
	who = connection
	for _, one := range []struct {
		field Field
		names []string
	}{
		{FieldShop, []string{envShop}},
		{FieldPassword, []string{envPassword, envPasswordFile}},
		{FieldSentinelPass, []string{envSentinelPass}},
		{FieldCounter, []string{envCounter}},
		{FieldTimeout, []string{envTimeout}},
	} {
		if s := l.sourceOf(one.names...); s != "" {
			fields[one.field] = s
			who = cmp.Or(who, s)
		}
	}
	return fields, who
}

// readSaved reads what counts of the saved files.
func (l *loader) readSaved() {
	l.saved.vars = map[string]string{}
	if !filepath.IsAbs(l.dir) {
		return // a problem of its own
	}
	if l.sourceOf(connectionNames()...) == "" {
		there, ok := l.readSavedFile(connectionFile)
		l.saved.connection = there
		if !ok {
			l.saved.vars[envUse] = "no"
		}
	}
	_, _ = l.readSavedFile(settingsFile) // what is wrong with it is noted
}

// readSavedFile adds what is in a saved file to what is known. Of one that
// cannot be used nothing is.
func (l *loader) readSavedFile(name string) (there, ok bool) {
	path := filepath.Join(l.dir, name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false, true
	}
	file, err := readDotenv(path)
	if err == nil {
		err = file.holdsOnly(namesIn(name))
	}
	if err != nil {
		l.refused = append(slices.Clip(l.refused), err)
		return true, false
	}
	for _, known := range namesIn(name) {
		if v, is := file.vars[known]; is {
			l.saved.vars[known] = v
		}
	}
	return true, true
}

// holdsOnly returns an error about the first of our variables that does not
// belong into a file, or that a dollar sign takes a part from.
func (f dotenv) holdsOnly(names []string) error {
	for _, name := range slices.Sorted(maps.Keys(f.vars)) {
		if ours(name) && !slices.Contains(names, name) {
			return &data.InvalidError{What: name, Value: f.path, Reason: "it does not belong in this file"}
		}
	}
	for _, name := range f.lost {
		return &data.InvalidError{What: name, Value: hidden, Reason: lostReason}
	}
	return nil
}

// secrets fills in the passwords that are kept in the file of secrets, if they
// are those of this server and user.
func (l *loader) secrets(r *Redis) {
	path := filepath.Join(l.dir, secretsFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	file := dotenv{path: path}
	switch {
	case err != nil:
		err = file.bad("it cannot be read: " + cause(err))
	case l.OS != "windows" && info.Mode().Perm()&0o077 != 0:
		err = file.bad("other accounts of this computer may read the passwords in it; enter the password anew, or run chmod 600 on it")
	default:
		if file, err = readDotenv(path); err == nil {
			err = file.holdsOnly(namesIn(secretsFile))
		}
	}
	if err != nil {
		l.refused = append(slices.Clip(l.refused), err)
		return
	}
	if file.vars[envSecretsFor] != r.Account() {
		return
	}
	if r.Password == "" {
		r.Password = Secret(file.vars[envPassword])
	}
	if r.SentinelPassword == "" && r.Mode == Sentinel {
		r.SentinelPassword = Secret(file.vars[envSentinelPass])
	}
}
