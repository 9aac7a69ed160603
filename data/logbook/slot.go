package logbook

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// mostSlots is how many programs may write to a folder at the same time.
const mostSlots = 16

// errTaken means that another program holds a lock.
var errTaken = errors.New("another program holds it")

// slot is the part of a folder that belongs to one program at a time.
type slot struct {
	dir    string
	number int
	lock   *os.File // held while it is open
}

// path names one of the slot's files.
func (s slot) path(ext string) string { return filepath.Join(s.dir, s.name()+ext) }

func (s slot) name() string {
	if s.number == 1 {
		return "trolley"
	}
	return "trolley-" + strconv.Itoa(s.number)
}

// take locks the slot; errTaken: another program has it.
func (s *slot) take() error {
	lock, err := lockFile(s.path(".lock"))
	s.lock = lock
	return err
}

// leave frees the slot.
func (s *slot) leave() error { return s.lock.Close() }

// takeSlot returns the first free slot of a folder.
func takeSlot(dir string) (slot, error) {
	for n := 1; n <= mostSlots; n++ {
		s := slot{dir: dir, number: n}
		switch err := s.take(); {
		case err == nil:
			return s, nil
		case !errors.Is(err, errTaken):
			return slot{}, err
		}
	}
	return slot{}, fmt.Errorf("%d programs write to it already", mostSlots)
}

// eachFree calls f with all slots of the folder that no program has, but for
// this one, which is the caller's.
func (s slot) eachFree(f func(slot)) {
	for n := 1; n <= mostSlots; n++ {
		other := slot{dir: s.dir, number: n}
		if n == s.number {
			continue
		}
		if _, err := os.Stat(other.path(".lock")); err != nil || other.take() != nil {
			continue
		}
		f(other)
		_ = other.leave() // it was only looked at
	}
}

// named returns the paths of the files in a folder whose names begin and end
// like that, sorted.
func named(dir, begin, end string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // it was there a moment ago
	}
	var found []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), begin) && strings.HasSuffix(e.Name(), end) {
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found
}

// old is the age from which a log is of no use any more.
const old = 30 * 24 * time.Hour

// clear removes the logs of a free slot when nothing was written there for
// long. The first slot is used again at every start, and its logs by then.
func (s slot) clear(now time.Time) {
	file, err := os.Stat(s.path(".log"))
	if err != nil || now.Sub(file.ModTime()) < old {
		return
	}
	full := named(s.dir, s.name()+"-2", ".log") // with the time at which each was
	for _, path := range append(full, s.path(".log")) {
		_ = os.Remove(path) // another start tries again
	}
}
