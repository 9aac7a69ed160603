package logbook

import (
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	// kept is how many lines are held in memory.
	kept = 200
	// longestLine is how many bytes of a line are kept, in memory and in the
	// file. One of a record that holds a whole cart is shorter.
	longestLine = 16 << 10
)

// lines takes the lines of a log without their secrets, holds the last of them
// in memory and writes all to the file. It may be used from several goroutines.
type lines struct {
	mask *Masker

	mu   sync.Mutex
	last []string // the oldest first, at most kept
	file io.Writer
	// onFailed is called at the first line that the file did not take; may be nil.
	onFailed func(error)
}

// Write implements io.Writer; slog writes one line at a time. It never fails: a
// full disk is no reason to lose the other places of the log.
func (l *lines) Write(line []byte) (int, error) {
	text := shortened(l.mask.Mask(strings.TrimSuffix(string(line), "\n")), longestLine)
	if err := l.keep(text); err != nil && l.onFailed != nil {
		l.onFailed(err)
	}
	return len(line), nil
}

// keep returns only the first error of the file.
func (l *lines) keep(text string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last) == kept {
		l.last = append(l.last[:0], l.last[1:]...)
	}
	l.last = append(l.last, text)
	if l.file == nil {
		return nil
	}
	if _, err := io.WriteString(l.file, text+"\n"); err != nil {
		l.file = nil
		return err
	}
	return nil
}

func (l *lines) events() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.last...)
}

// shortened cuts a text to a number of bytes, between two characters.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

// maskedWriter writes lines without their secrets.
type maskedWriter struct {
	mask *Masker
	to   io.Writer
}

// Write implements io.Writer.
func (w maskedWriter) Write(line []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.mask.Mask(string(line))); err != nil {
		return 0, err
	}
	return len(line), nil
}
