package logbook

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The tests start their own program again as a child that ends in a way of its
// own.
const (
	envChild  = "LOGBOOK_CHILD"  // how it ends
	envFolder = "LOGBOOK_FOLDER" // where it logs
)

// marker is a password that must be found nowhere.
const marker = "Zuckerwatte 7"

func TestMain(m *testing.M) {
	if how := os.Getenv(envChild); how != "" {
		beChild(how)
		return
	}
	os.Exit(m.Run())
}

// beChild logs a little and ends as it is told.
func beChild(how string) {
	secrets := &Masker{}
	secrets.Add(marker)
	b, err := Open(Config{Dir: os.Getenv(envFolder), Version: "1.2.3 (abc)", Secrets: secrets})
	if err != nil {
		panic(err)
	}
	b.Logger().Info("the child works", "with", marker)
	go hold(marker, [16]byte([]byte(marker+"xxx")), make(chan int))
	runtime.Gosched()
	fmt.Println("ready")
	switch how {
	case "panic":
		panic(fmt.Errorf("the server said %q", marker))
	case "untold":
		panic("the password is never-told-of, in redis://till:nor-of-this@10.0.0.5")
	case "long":
		panic(strings.Repeat("long ", 200_000))
	case "fatal":
		writeTogether(map[int]int{})
	case "end":
		if err := b.Close(); err != nil {
			panic(err)
		}
	case "wait":
		_, _ = io.ReadAll(os.Stdin) // to be killed
	}
}

// writeTogether writes to a map from two goroutines, until the runtime notices.
func writeTogether(m map[int]int) {
	write := func() {
		for i := 0; ; i++ {
			m[i%100] = i
		}
	}
	go write()
	write()
}

// hold waits with a secret among its arguments.
//
//go:noinline
func hold(_ string, _ [16]byte, wait chan int) { <-wait }

type child struct{ cmd *exec.Cmd }

// startChild starts a child and returns when it is about to end.
func startChild(t *testing.T, dir, how string) child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envChild+"="+how, envFolder+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() }) // a child of a test that failed ends too
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	return child{cmd}
}

func (c child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.cmd.Wait() // it was killed
}

// crash lets a child end, with an error or without.
func crash(t *testing.T, dir, how string, fails bool) {
	t.Helper()
	var exit *exec.ExitError
	if err := startChild(t, dir, how).cmd.Wait(); errors.As(err, &exit) != fails {
		t.Fatalf("the child ended with %v", err)
	}
}

func knowing(secrets ...string) *Masker {
	m := &Masker{}
	for _, s := range secrets {
		m.Add(s)
	}
	return m
}

func TestACrashIsReportedOnce(t *testing.T) {
	for how, reason := range map[string]string{"panic": `the server said "***"`, "fatal": "fatal error of the runtime"} {
		dir := t.TempDir()
		crash(t, dir, how, true)
		b := open(t, Config{Dir: dir, Secrets: knowing(marker)})
		report, crashed := b.Crash()
		for _, part := range []string{reason, "1.2.3 (abc)", runtime.Version(), time.Now().Format("2006-"), "logbook.beChild", "logbook.hold(...)",
			"the child works", `with="***"`} {
			if !crashed || !strings.Contains(report, part) {
				t.Errorf("%s: %q is not in the report:\n%s", how, part, report)
			}
		}
		expectNowhere(t, dir, marker)
		if err := b.Forget(); err != nil {
			t.Error(err)
		}
		end(t, b)
		if report, crashed := open(t, Config{Dir: dir}).Crash(); crashed {
			t.Errorf("%s: told again: %s", how, report)
		}
		if kept := named(dir, reportPrefix, reportExt); len(kept) != 1 {
			t.Errorf("%s: kept are %v", how, kept)
		}
	}
}

// expectNowhere fails when a file holds the secret, or the number that its
// first letters are in a trace.
func expectNowhere(t *testing.T, dir, secret string) {
	t.Helper()
	// Its first byte as an argument; after a + it is a place in the program.
	argument := regexp.MustCompile(fmt.Sprintf(`(?:^|[^+\w])0x%x\b`, secret[0]))
	for _, path := range named(dir, "", "") {
		text := read(t, path)
		if strings.Contains(text, secret) || argument.MatchString(text) {
			t.Errorf("%s holds the secret:\n%s", path, text)
		}
	}
}

func TestSecretsThatNobodyToldOfAreMaskedInReports(t *testing.T) {
	dir := t.TempDir()
	crash(t, dir, "untold", true)
	report, crashed := open(t, Config{Dir: dir}).Crash()
	if !crashed || strings.Contains(report, "never-told") || strings.Contains(report, "nor-of-this") || !strings.Contains(report, "password is ***") {
		t.Error(report)
	}
}

func TestSecretsThatAreKnownLaterAreMaskedInReports(t *testing.T) {
	dir := t.TempDir()
	crash(t, dir, "panic", true)
	secrets := knowing()
	b := open(t, Config{Dir: dir, Secrets: secrets})
	secrets.Add(marker)
	if report, crashed := b.Crash(); !crashed || strings.Contains(report, marker) {
		t.Error(report)
	}
	expectNowhere(t, dir, marker)
}

func TestReportsAreBounded(t *testing.T) {
	dir := t.TempDir()
	crash(t, dir, "long", true)
	report, crashed := open(t, Config{Dir: dir}).Crash()
	if most := mostCrash + (mostLog+1)*longestLine; !crashed || len(report) > most || len(report) < mostCrash {
		t.Errorf("%d bytes", len(report))
	}
}

func TestAnEndIsNoCrash(t *testing.T) {
	dir := t.TempDir()
	crash(t, dir, "end", false)
	if got := files(t, dir); len(got) != 1 || got[0] != "trolley.log" {
		t.Errorf("left are %v", got)
	}
	if report, crashed := open(t, Config{Dir: dir}).Crash(); crashed {
		t.Error(report)
	}
}

func TestFewReportsAreKept(t *testing.T) {
	dir := t.TempDir()
	for i := range mostReports + 2 {
		path := filepath.Join(dir, fmt.Sprintf("%s2026030%d-120000%s", reportPrefix, i+1, reportExt))
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	crash(t, dir, "fatal", true)
	b := open(t, Config{Dir: dir})
	if kept := b.reports(reportExt); len(kept) != mostReports || !strings.HasSuffix(kept[mostReports-1], untold) {
		t.Errorf("kept are %v", kept)
	}
}
