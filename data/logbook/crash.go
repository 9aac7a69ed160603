package logbook

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

const (
	// crashExt is the end of the name of the file that the runtime writes.
	crashExt = ".crash"
	// mostCrash is how many bytes of that are in a report.
	mostCrash = 256 << 10
	// mostLog is how many lines of the log are in a report, and tailOfLog how
	// many bytes are read to find them.
	mostLog   = 50
	tailOfLog = 256 << 10
	// mostReports is how many reports stay in the folder.
	mostReports = 5
)

// Reports are files such as crash-20260304-121500.txt. The name of one that
// nobody was told of yet ends with untold.
const (
	reportPrefix = "crash-"
	reportTime   = "20060102-150405"
	reportExt    = ".txt"
	untold       = "-new" + reportExt
)

// run is what a report has to know of the run that crashed. It stands at the
// beginning of the file that the runtime writes.
type run struct {
	version, system string
	began           time.Time
}

func newRun(version string) run {
	version = strings.Join(strings.Fields(version), " ")
	return run{version, runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version(), time.Now()}
}

// String returns three lines and an empty one.
func (r run) String() string {
	return r.version + "\n" + r.system + "\n" + r.began.Format(time.RFC3339Nano) + "\n\n"
}

// parseRun reads what String wrote, and returns what follows.
func parseRun(text string) (r run, rest string) {
	head, rest, ok := strings.Cut(text, "\n\n")
	parts := strings.Split(head, "\n")
	if !ok || len(parts) != 3 {
		return run{}, text
	}
	r.version, r.system = parts[0], parts[1]
	r.began, _ = time.Parse(time.RFC3339Nano, parts[2]) // or unknown
	return r, rest
}

// gather makes a report of what a crash left in a slot that no other program
// has.
func (b *Logbook) gather(s slot) {
	path := s.path(crashExt)
	text, at, err := readCrash(path)
	if err != nil {
		if !os.IsNotExist(err) {
			b.log.Warn("what an earlier run left cannot be read", "file", path, "error", err)
		}
		return
	}
	if r, trace := parseRun(text); strings.TrimSpace(trace) != "" {
		if err := b.writeReport(b.report(r, trace, at, s), at); err != nil {
			b.log.Warn("the report of a crash cannot be kept", "error", err)
			return
		}
	}
	if err := os.Remove(path); err != nil {
		b.log.Warn("what an earlier run left stays", "error", err)
	}
}

// readCrash returns the beginning of a file, which is where the reason stands,
// and when it was written. It reads more than a report holds, so that no secret
// is cut where it ends.
func readCrash(path string) (string, time.Time, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", time.Time{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", time.Time{}, err
	}
	text, err := io.ReadAll(io.LimitReader(f, mostCrash+longestLine))
	return strings.ToValidUTF8(string(text), "?"), info.ModTime(), err
}

// report says what is known of a crash. It is for those who mend it, and in
// English.
func (b *Logbook) report(r run, trace string, at time.Time, s slot) string {
	var out strings.Builder
	fmt.Fprintf(&out, "Trolley ended unexpectedly.\n\nVersion: %s\nSystem: %s\nStarted: %s\nEnded: %s\n\n",
		r.version, r.system, r.began.Format(time.RFC3339), at.Format(time.RFC3339))
	if strings.HasPrefix(strings.TrimSpace(trace), goroutineLine) {
		out.WriteString("fatal error of the runtime; its words went to the terminal only, and the first goroutine shows which it was\n")
	}
	out.WriteString(shortened(b.conf.Secrets.MaskAll(withoutArguments(trace)), mostCrash))
	out.WriteString("\n\nThe last lines of its log:\n\n")
	for _, line := range lastLines(s.path(".log"), r.began) {
		out.WriteString(b.conf.Secrets.Mask(line) + "\n")
	}
	return out.String()
}

// goroutineLine begins the part of a trace about a goroutine. A panic stands
// before the first of them. The runtime says other fatal errors, such as two
// goroutines that write to a map, before it copies its words to our file.
const goroutineLine = "goroutine "

// arguments finds what a function was called with, in a line of a trace.
var arguments = regexp.MustCompile(`\((?:0x|\{|_|\?|\.\.\.).*\)$`)

// withoutArguments takes the arguments of functions out of a trace: numbers
// that may be pieces of a secret, and tell little.
func withoutArguments(trace string) string {
	all := strings.Split(trace, "\n")
	calls := false
	for i, line := range all {
		calls = calls || strings.HasPrefix(line, goroutineLine)
		if calls && !strings.HasPrefix(line, "\t") {
			all[i] = arguments.ReplaceAllString(line, "(...)")
		}
	}
	return strings.Join(all, "\n")
}

// lastLines returns the last lines of a log that were written since a time.
func lastLines(path string, since time.Time) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil // the log had just been begun anew, or was never there
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > tailOfLog {
		if _, err := f.Seek(-tailOfLog, io.SeekEnd); err != nil {
			return nil
		}
	}
	var found []string
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 2*longestLine)
	for scan.Scan() {
		if at, ok := timeOf(scan.Text()); ok && !at.Before(since.Truncate(time.Millisecond)) {
			found = append(found, scan.Text())
		}
	}
	return found[max(0, len(found)-mostLog):]
}

// timeOf reads the time at the beginning of a line of a log.
func timeOf(line string) (time.Time, bool) {
	text, _, _ := strings.Cut(strings.TrimPrefix(line, "time="), " ")
	at, err := time.Parse(time.RFC3339Nano, text)
	return at, err == nil
}

// writeReport keeps a report until somebody was told of it.
func (b *Logbook) writeReport(text string, at time.Time) error {
	for range mostReports + mostSlots { // another program may have crashed in the same second
		f, err := os.OpenFile(b.reportPath(at), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if os.IsExist(err) {
			at = at.Add(time.Second)
			continue
		}
		if err != nil {
			return err
		}
		_, err = io.WriteString(f, text)
		if end := f.Close(); err == nil {
			err = end
		}
		return err
	}
	return fmt.Errorf("make a file for it: %w", os.ErrExist)
}

func (b *Logbook) reportPath(at time.Time) string {
	return filepath.Join(b.conf.Dir, reportPrefix+at.Format(reportTime)+untold)
}

// reports returns the files of the reports, the newest last.
func (b *Logbook) reports(end string) []string { return named(b.conf.Dir, reportPrefix, end) }

// pruneReports removes the oldest reports.
func (b *Logbook) pruneReports() {
	all := b.reports(reportExt)
	for _, path := range all[:max(0, len(all)-mostReports)] {
		if err := os.Remove(path); err != nil {
			b.log.Warn("an old report stays", "error", err)
		}
	}
}

// Crash returns the report of the last run that crashed; false: there is none
// that nobody was told of. Secrets that became known since it was written are
// masked as well, also in the file.
func (b *Logbook) Crash() (string, bool) {
	all := b.reports(untold)
	if len(all) == 0 {
		return "", false
	}
	path := all[len(all)-1]
	text, err := os.ReadFile(path)
	if err != nil {
		b.log.Warn("the report of a crash cannot be read", "error", err)
		return "", false
	}
	report := b.conf.Secrets.Mask(string(text))
	if report != string(text) {
		if err := os.WriteFile(path, []byte(report), 0o600); err != nil {
			b.log.Warn("the report of a crash cannot be masked", "error", err)
		}
	}
	return report, true
}

// Forget says that somebody was told of the crashes so far. Their reports stay
// in the folder, the last five of them.
func (b *Logbook) Forget() error {
	for _, path := range b.reports(untold) {
		if err := os.Rename(path, strings.TrimSuffix(path, untold)+reportExt); err != nil {
			return fmt.Errorf("put the report of a crash by: %w", err)
		}
	}
	return nil
}
