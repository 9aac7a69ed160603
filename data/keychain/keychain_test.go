package keychain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data/keychain/keychaintest"
)

// childVariable makes this test program do what its input says instead. The
// library holds on to the first bus that it finds, so each test with a bus of
// its own needs a process of its own.
const childVariable = "TROLLEY_KEYCHAIN_CHILD"

func TestMain(m *testing.M) {
	if wait, err := time.ParseDuration(os.Getenv(childVariable)); err == nil {
		obey(wait)
		return
	}
	os.Exit(m.Run())
}

// obey does what the lines of the input say, each within the time, and prints
// a line for each.
func obey(wait time.Duration) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		words := append(strings.Split(lines.Text(), "\t"), "", "")
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		secret, err := "", error(nil)
		switch words[0] {
		case "set":
			err = Set(ctx, words[1], words[2])
		case "get":
			secret, err = Get(ctx, words[1])
		case "delete":
			err = Delete(ctx, words[1])
		case "available":
			err = Available(ctx)
		}
		cancel()
		fmt.Println(outcome(secret, err))
	}
}

func outcome(secret string, err error) string {
	switch {
	case err == nil:
		return "ok " + secret
	case errors.Is(err, ErrNotFound):
		return "not found"
	case errors.Is(err, ErrUnavailable):
		return "unavailable"
	}
	return err.Error()
}

// run has a process do something, and returns its answers and how long it took
// from start to end.
func run(t *testing.T, env []string, wait time.Duration, lines ...string) ([]string, time.Duration) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe)
	cmd.Env = append(append(os.Environ(), childVariable+"="+wait.String()), env...)
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	cmd.Stderr = os.Stderr
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"), time.Since(start)
}

func TestSecretsAreKept(t *testing.T) {
	k := keychaintest.Start(t)
	const account, secret = "shop@single 10.0.0.5:6379/0", ` p'a$s "wörd\ `
	got, _ := run(t, k.Env, 10*time.Second,
		"available", "get\t"+account, "set\t"+account+"\tfirst", "set\t"+account+"\t"+secret, "get\t"+account, "get\tother")
	want := []string{"ok ", "not found", "ok ", "ok ", "ok " + secret, "not found"}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	if seen := k.Secret(account); seen != secret {
		t.Errorf("another program sees %q", seen)
	}
	got, _ = run(t, k.Env, 10*time.Second, "get\t"+account, "delete\t"+account, "get\t"+account, "delete\t"+account)
	if want := []string{"ok " + secret, "ok ", "not found", "not found"}; !slices.Equal(got, want) {
		t.Errorf("a later run got %q, want %q", got, want)
	}
}

func TestTooLongForSomeSystem(t *testing.T) {
	k := keychaintest.Start(t)
	got, _ := run(t, k.Env, 10*time.Second,
		"set\ta\t"+strings.Repeat("x", MaxLen), "set\ta\t"+strings.Repeat("y", MaxLen+1), "get\ta")
	if want := []string{"ok ", ErrTooLong.Error(), "ok " + strings.Repeat("x", MaxLen)}; !slices.Equal(got, want) {
		t.Errorf("got %.200q", got)
	}
}

var everything = []string{"available", "get\ta", "set\ta\tb", "delete\ta"}

func TestNoKeychain(t *testing.T) {
	for name, env := range map[string][]string{
		"no bus":     {"DBUS_SESSION_BUS_ADDRESS=unix:path=/dev/null"},
		"nonsense":   {"DBUS_SESSION_BUS_ADDRESS=nonsense"},
		"no service": keychaintest.StartBus(t).Env,
	} {
		got, took := run(t, env, time.Minute, everything...)
		if want := slices.Repeat([]string{"unavailable"}, len(everything)); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", name, got)
		}
		if took > 10*time.Second {
			t.Errorf("%s: it took %s", name, took)
		}
	}
}

// Without a bus none is started: a process would stay behind.
func TestNoBusIsStarted(t *testing.T) {
	if _, err := os.Stat(fmt.Sprintf("/run/user/%d/bus", os.Getuid())); err == nil {
		t.Skip("this account has a bus of its own, which would be used")
	}
	got, _ := run(t, []string{"DBUS_SESSION_BUS_ADDRESS="}, time.Minute, "available")
	if got[0] != "unavailable" {
		t.Errorf("got %q", got)
	}
}

func TestLockedKeychain(t *testing.T) {
	k := keychaintest.Start(t)
	k.Lock()
	if got, _ := run(t, k.Env, time.Second, "get\ta", "set\ta\tb"); got[0] != "unavailable" || got[1] != "unavailable" {
		t.Errorf("got %q", got)
	}
}

// A keychain that hangs delays nothing beyond the deadline, not even the end of
// the program.
func TestKeychainThatDoesNotAnswer(t *testing.T) {
	k := keychaintest.Start(t)
	k.Freeze()
	const wait = 300 * time.Millisecond
	got, took := run(t, k.Env, wait, everything...)
	if want := slices.Repeat([]string{"unavailable"}, len(everything)); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if limit := time.Duration(len(everything))*wait + 5*time.Second; took > limit {
		t.Errorf("it took %s, more than %s", took, limit)
	}
}

func TestPanicIsAnError(t *testing.T) {
	if got := guarded(func() (string, error) { panic("no bus") }); !errors.Is(got.err, ErrUnavailable) {
		t.Errorf("got %v", got.err)
	}
}
