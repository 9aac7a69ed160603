package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/joho/godotenv"
)

// What stands at the top of each saved file.
const (
	connectionHead = "# How this computer reaches its shop; Trolley writes it when a connection is chosen.\n" +
		"# No password is in it: it may be copied into Trolley's folder on another computer.\n"
	settingsHead = "# Settings of this counter; Trolley writes them when they are changed.\n" +
		"# No password is in it.\n"
	secretsHead = "# Passwords of the connection, not encrypted. Nobody else should see this file.\n"
)

// SaveConnection keeps a connection for the next start in the folder for this
// computer's files, which is made when it is missing: in the file
// connection.env, without any password. The passwords go to the file
// secrets.env when c.Keep is KeepFile; otherwise that file is removed. An empty
// password is none: whoever means to keep the old one gives it.
//
// For this computer only, what else the connection says is kept to be offered
// again, if it would do.
func SaveConnection(dataDir string, c Connection) error {
	c = c.trimmed()
	offer := c
	offer.Shared = true
	server, err := offer.Redis()
	switch {
	case err == nil:
	case c.Shared:
		return fmt.Errorf("save the connection: %w", err)
	default:
		c, server = Connection{Shop: c.Shop, Keep: c.Keep}, Redis{}
		if _, err := c.Redis(); err != nil {
			return fmt.Errorf("save the connection: %w", err)
		}
	}
	vars := c.variables()
	if !server.Enabled() {
		delete(vars, envURL)
	}
	// The connection first: an old password is for its own server only, and
	// not sent to the new one should the program end here.
	if err := saveFile(dataDir, connectionFile, connectionHead, vars); err != nil {
		return fmt.Errorf("save the connection: %w", err)
	}
	if err := saveSecrets(dataDir, c.Keep, server); err != nil {
		return fmt.Errorf("save the password: %w", err)
	}
	return nil
}

func saveSecrets(dataDir string, keep Keep, r Redis) error {
	if keep != KeepFile || r.Password == "" && r.SentinelPassword == "" {
		err := os.Remove(filepath.Join(dataDir, secretsFile))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return saveFile(dataDir, secretsFile, secretsHead, map[string]string{
		envSecretsFor: r.Account(), envPassword: string(r.Password), envSentinelPass: string(r.SentinelPassword),
	})
}

// SaveSettings keeps settings for the next start in the file settings.env of
// the folder for this computer's files, which is made when it is missing.
func SaveSettings(dataDir string, s Settings) error {
	for _, p := range s.Check() {
		return fmt.Errorf("save the settings: %s: %s", p.Field, p.Reason)
	}
	err := saveFile(dataDir, settingsFile, settingsHead, map[string]string{
		envCounter: s.Counter, envTimeout: duration(s.Timeout),
	})
	if err != nil {
		return fmt.Errorf("save the settings: %w", err)
	}
	return nil
}

// duration writes a time as people do: 30m, not 30m0s.
func duration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// saveFile writes variables as lines NAME=value, in place of what the file
// held. Whatever happens, either the old file is there or the new one, whole.
// Only this account may read it.
func saveFile(dir, name, head string, vars map[string]string) error {
	text, err := encode(head, namesIn(name), vars)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, "."+name+"-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = temp.WriteString(text)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return syncFolder(dir)
}

// syncFolder makes sure that a file's new name outlives a power cut.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // its folders cannot be opened
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// encode writes the variables in the order of names, so that they are read as
// they were given.
func encode(head string, names []string, vars map[string]string) (string, error) {
	var text strings.Builder
	text.WriteString(head)
	written := map[string]string{}
	for _, name := range names {
		if v := vars[name]; v != "" {
			text.WriteString(name + "=" + quote(v) + "\n")
			written[name] = v
		}
	}
	out := text.String()
	if strings.Contains(out, "${") {
		out = head + quoteMarks + strings.TrimPrefix(out, head)
	}
	read, err := godotenv.Unmarshal(out)
	if err != nil {
		return "", errors.New("it cannot be written as lines of a file")
	}
	for name, v := range written {
		if read[name] != v {
			return "", fmt.Errorf("the value of %s cannot be written as a line of a file", name)
		}
	}
	if len(out) >= maxFile {
		return "", fmt.Errorf("it is larger than %d bytes", maxFile)
	}
	return out, nil
}

var plain = regexp.MustCompile(`^[A-Za-z0-9._:/@,+~%?=&\[\]-]+$`)

// quoteMarks name the marks that no kind of quotes can hold in every place.
const quoteMarks = "DOLLAR='$'\nBACKSLASH=\\\nQUOTE='\"'\n"

var marksNamed = strings.NewReplacer(`$`, `${DOLLAR}`, `\`, `${BACKSLASH}`, `"`, `${QUOTE}`)

// quote writes a value so that it is read as it is: as plainly as possible.
func quote(v string) string {
	switch {
	case plain.MatchString(v):
		return v
	case !strings.Contains(v, "'") && !strings.HasSuffix(v, `\`):
		return "'" + v + "'"
	}
	return `"` + marksNamed.Replace(v) + `"`
}
