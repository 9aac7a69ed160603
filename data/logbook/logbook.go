package logbook

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"gopkg.in/natefinch/lumberjack.v2"
)

// Config says what is written down, and where.
type Config struct {
	Dir     string     // folder, made when missing, for this account only
	Level   slog.Level // least level in Also; files and memory have info at least
	Also    io.Writer  // gets the lines as well, such as os.Stderr; may be nil
	Version string     // of the program
	Secrets *Masker    // knows what to mask; nil: only passwords in URLs and the like
}

// Logbook is an open log. It may be used from several goroutines.
type Logbook struct {
	conf  Config
	log   *slog.Logger
	lines *lines
	slot  *slot // nil: there is no folder
	file  *lumberjack.Logger
	crash *os.File // what the runtime writes to when the program crashes
}

// How much of the log is kept on the disk: a file of fileSize megabytes, and as
// many full ones beside it.
const (
	fileSize  = 1
	fullFiles = 3
	fileDays  = 30
)

// Open begins the log of this run, and from then on a crash of the program
// leaves a report. A folder that cannot be used is logged: the log is then in
// memory only, and there are no reports. An error means that the configuration
// names no folder at all.
func Open(c Config) (*Logbook, error) {
	if c.Dir == "" {
		return nil, errors.New("open the log: there is no folder for it")
	}
	if c.Secrets == nil {
		c.Secrets = &Masker{}
	}
	b := &Logbook{conf: c, lines: &lines{mask: c.Secrets}}
	b.log = slog.New(b.handler())
	if err := b.openDir(); err != nil {
		b.log.Warn("no log is kept on the disk", "folder", c.Dir, "error", err)
	}
	return b, nil
}

// handler writes to the terminal what it is asked for, and to the lines that
// and at least what is told at level info.
func (b *Logbook) handler() slog.Handler {
	kept := slog.NewTextHandler(b.lines, &slog.HandlerOptions{Level: min(b.conf.Level, slog.LevelInfo)})
	if b.conf.Also == nil {
		return kept
	}
	also := slog.NewTextHandler(maskedWriter{b.conf.Secrets, b.conf.Also}, &slog.HandlerOptions{Level: b.conf.Level})
	return slog.NewMultiHandler(also, kept)
}

// openDir takes a slot of the folder, and gathers what earlier runs left there.
func (b *Logbook) openDir() error {
	if err := os.MkdirAll(b.conf.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	s, err := takeSlot(b.conf.Dir)
	if err != nil {
		return fmt.Errorf("find a place in the folder: %w", err)
	}
	b.slot = &s
	b.gather(s)
	now := time.Now()
	s.eachFree(func(other slot) {
		b.gather(other)
		other.clear(now)
	})
	b.pruneReports()
	b.openFile()
	if err := b.watchForCrash(); err != nil {
		b.log.Warn("a crash would leave no report", "error", err)
	}
	return nil
}

func (b *Logbook) openFile() {
	path := b.slot.path(".log")
	if err := os.Chmod(path, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
		b.log.Warn("others may read the log", "file", path, "error", err)
	}
	b.file = &lumberjack.Logger{Filename: path, MaxSize: fileSize, MaxBackups: fullFiles, MaxAge: fileDays}
	b.lines.onFailed = func(err error) {
		go b.log.Warn("the log goes on without its file", "file", path, "error", err) // slog waits for this line
	}
	b.lines.file = b.file
}

// Logger returns what the program logs with.
func (b *Logbook) Logger() *slog.Logger { return b.log }

// Events returns the last lines of the log, at most 200, the oldest first.
func (b *Logbook) Events() []string { return b.lines.events() }

// Dir returns the folder of the log.
func (b *Logbook) Dir() string { return b.conf.Dir }

// Mask returns a text without the secrets that are known by now.
func (b *Logbook) Mask(text string) string { return b.conf.Secrets.Mask(text) }

// Close ends the log, and says that the program ends as it should: no report
// is left. What is logged later is still in memory and in Also.
func (b *Logbook) Close() error {
	if b.slot == nil {
		return nil
	}
	b.lines.mu.Lock()
	b.lines.file = nil
	b.lines.mu.Unlock()
	err := errors.Join(b.endWatch(), b.file.Close(), b.slot.leave())
	b.slot = nil
	if err != nil {
		return fmt.Errorf("close the log: %w", err)
	}
	return nil
}

// watchForCrash has the runtime write to a file why the program ends, if it
// does not end by itself. The file begins with what is known of this run.
func (b *Logbook) watchForCrash() error {
	f, err := os.OpenFile(b.slot.path(crashExt), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make a file for it: %w", err)
	}
	if _, err := io.WriteString(f, newRun(b.conf.Version).String()); err != nil {
		return errors.Join(fmt.Errorf("begin the file for it: %w", err), f.Close())
	}
	if err := debug.SetCrashOutput(f, debug.CrashOptions{}); err != nil {
		return errors.Join(fmt.Errorf("give the file to the runtime: %w", err), f.Close())
	}
	debug.SetTraceback("all") // what the others waited for often tells more
	b.crash = f
	return nil
}

// endWatch takes the file away from the runtime.
func (b *Logbook) endWatch() error {
	if b.crash == nil {
		return nil
	}
	f := b.crash
	b.crash = nil
	return errors.Join(debug.SetCrashOutput(nil, debug.CrashOptions{}), f.Close(), os.Remove(f.Name()))
}
