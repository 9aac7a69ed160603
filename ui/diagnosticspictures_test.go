package ui

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// shownLog is a log that a test makes up.
type shownLog struct {
	events []string
	report string
	told   atomic.Int32 // how often somebody was told of the report
}

func (l *shownLog) Events() []string      { return l.events }
func (*shownLog) Dir() string             { return "/home/anna/.local/state/trolley" }
func (l *shownLog) Crash() (string, bool) { return l.report, l.report != "" && l.told.Load() == 0 }
func (l *shownLog) Forget() error         { l.told.Add(1); return nil }
func (*shownLog) Mask(text string) string { return text }

// busyLog is a log of a usual morning.
func busyLog() *shownLog {
	l := &shownLog{report: crashReport}
	for i := range 60 {
		l.events = append(l.events, fmt.Sprintf(`time=%s level=INFO msg=link phase=live addr=10.0.0.5:6379 fault=""`, clock(9, i).Format("2006-01-02T15:04:05")))
	}
	l.events = append(l.events, `time=2026-03-04T12:00:00 level=WARN msg="changes that wait for the server cannot be kept on the disk" folder=/home/anna/.local/share/trolley error="open the queue: the disk is full"`)
	return l
}

const crashReport = `Trolley ended unexpectedly.

Version: 1.0
System: linux/amd64, go1.26.8
Started: 2026-03-04T09:00:00+01:00
Ended: 2026-03-04T11:58:03+01:00

panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x8a1b2c]

goroutine 1 [running, locked to thread]:
trolley/ui.(*Window).show(...)
	trolley/ui/window.go:402 +0x1d4
trolley/ui.follow[...].func1(...)
	trolley/ui/follow.go:28 +0x2c

The last lines of its log:

time=2026-03-04T11:58:02 level=INFO msg=link phase=live addr=10.0.0.5:6379
`

var madeUpSystem = System{Version: "1.0", Commit: "741bb95d0a11", Date: clock(8, 0), Made: "go1.26.8 · fyne v2.8.0", Runs: "linux/amd64",
	DataDir: "/home/anna/.local/share/trolley"}

// openTalkative is a studio with a log and all that is known of a system.
func openTalkative(t *testing.T, variant fyne.ThemeVariant, size fyne.Size) *studio {
	s := openOutageStudio(t, variant, size)
	icon, err := os.ReadFile("../Icon.png")
	if err != nil {
		t.Fatal(err)
	}
	s.app = iconed{s.app, fyne.NewStaticResource("Icon.png", icon)}
	s.opt.Logbook = busyLog()
	s.opt.System = madeUpSystem
	s.show(s.lively())
	return s
}

// iconed is an app with an icon; that of the tests has none.
type iconed struct {
	fyne.App
	icon fyne.Resource
}

func (a iconed) Icon() fyne.Resource { return a.icon }

// eachTalkative opens a window in both colours and both sizes.
func eachTalkative(t *testing.T, f func(s *studio, name string)) {
	for name, variant := range variants {
		for size, of := range map[string]fyne.Size{"": usual, "-narrow": narrow} {
			f(openTalkative(t, variant, of), name+size)
		}
	}
}

func TestPictureOfTheDiagnostics(t *testing.T) {
	eachTalkative(t, func(s *studio, name string) {
		s.diagnostics().measured(3200*time.Microsecond, nil)
		s.expectPicture("diagnostics-" + name)
	})
}

func TestPictureOfDiagnosticsInTrouble(t *testing.T) {
	s := openTalkative(t, theme.VariantLight, narrow)
	st := s.lively()
	st.Link = data.Link{Phase: data.Offline, Ever: true, Since: clock(14, 2), Fault: data.FaultTimeout}
	st.Waiting, st.Unkept = make([]data.Change, 3), 2
	s.reached, s.toldOutage = true, true
	s.show(st)
	d := s.diagnostics()
	d.measured(0, data.ErrClosed)
	d.alert.say("The folder could not be opened. Its name is /home/anna/.local/state/trolley.")
	s.expectPicture("diagnostics-trouble")
}

func TestPictureOfACrash(t *testing.T) {
	eachTalkative(t, func(s *studio, name string) {
		s.tellCrash(crashReport)
		s.expectPicture("crash-" + name)
	})
}

func TestPictureOfTheReportOfACrash(t *testing.T) {
	eachTalkative(t, func(s *studio, name string) {
		s.showReport(crashReport)
		s.expectPicture("crash-report-" + name)
	})
}

func TestPictureOfAbout(t *testing.T) {
	eachTalkative(t, func(s *studio, name string) {
		s.about()
		s.expectPicture("about-" + name)
	})
}

func TestPictureOfTheLicences(t *testing.T) {
	text := licencesText
	defer func() { licencesText = text }()
	// Pictures must not change with every dependency.
	licencesText = madeUpLicences(text)
	eachTalkative(t, func(s *studio, name string) {
		s.showLicences()
		s.key(fyne.KeyDown)
		s.expectPicture("licences-" + name)
	})
}

// madeUpLicences keeps the first licence, which is Trolley's own, and makes up
// the others.
func madeUpLicences(text string) string {
	own, _, _ := strings.Cut(text, "\n"+licenceMark)
	for i, kind := range []string{"Apache-2.0", "BSD-3-Clause", "see text", "MIT", "OFL-1.1", "MIT", "BSD-3-Clause, Unlicense"} {
		own += fmt.Sprintf("\n%sgithub.com/somebody/with-a-rather-long-name/part%d\tv1.%d.0\t%s\n", licenceMark, i+1, i, kind)
		own += strings.Repeat("You may use it in any way that you like, as long as this text goes with\neverything that is made of it, and nobody is told that it was you who wrote it.\n\n  1. A list is\n  2. not joined.\n\n", 8)
	}
	return own
}
