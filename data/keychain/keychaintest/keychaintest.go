// Package keychaintest starts real keychains for tests: a session bus of its own
// and on it GNOME's Secret Service, unlocked, with nothing in it. The keychain
// of whoever runs the tests is left alone.
package keychaintest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is how long anything here may take before the test fails.
const patience = 20 * time.Second

// Keychain is a Secret Service on a bus of its own. It ends with the test.
type Keychain struct {
	// Env makes a program use it; the variables are to be added to those that
	// the program has anyway.
	Env []string

	t      testing.TB
	dir    string
	daemon *exec.Cmd
}

// Start starts a keychain. A test that needs one is skipped where the system has
// a keychain of another kind.
func Start(t testing.TB) *Keychain {
	t.Helper()
	k := StartBus(t)
	k.daemon = k.command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	k.daemon.Stdin = strings.NewReader("the test's own\n") // the password of the store
	k.start(k.daemon)
	deadline := time.Now().Add(patience)
	for {
		out, err := k.tool("secret", "store", "--label", "ready", "service", "keychaintest", "username", "ready")
		if err == nil {
			return k
		}
		if time.Now().After(deadline) {
			t.Fatalf("the keychain does not answer: %v %s", err, out)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// StartBus starts a bus without a keychain on it.
func StartBus(t testing.TB) *Keychain {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the keychain of this system cannot be started for a test")
	}
	for _, name := range []string{"dbus-daemon", "dbus-send", "gnome-keyring-daemon", "secret-tool"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatalf("%s is needed for this test and is not installed: %v", name, err)
		}
	}
	dir, err := os.MkdirTemp("", "bus") // short: a socket's path has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	k := &Keychain{t: t, dir: dir, Env: []string{"DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(dir, "socket")}}
	conf := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, busConf, filepath.Join(dir, "socket")), 0o600); err != nil {
		t.Fatal(err)
	}
	k.start(k.command("dbus-daemon", "--nofork", "--nopidfile", "--config-file", conf))
	k.waitForFile(filepath.Join(dir, "socket"))
	return k
}

// busConf is a bus that starts nothing by itself.
const busConf = `<busconfig><type>session</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

// Secret returns what the keychain has for an account, as another program sees
// it; "" if there is nothing.
func (k *Keychain) Secret(account string) string {
	k.t.Helper()
	out, err := k.tool("", "lookup", "service", "Trolley", "username", account)
	if err != nil {
		return ""
	}
	return out
}

// Lock locks the keychain. There is nobody who could unlock it again.
func (k *Keychain) Lock() {
	k.t.Helper()
	out, err := k.command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets",
		"/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
		"array:objpath:/org/freedesktop/secrets/collection/login").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("/login")) {
		k.t.Fatalf("lock the keychain: %v %s", err, out)
	}
}

// Freeze keeps the keychain from answering, until the end of the test.
func (k *Keychain) Freeze() {
	k.t.Helper()
	if err := freeze(k.daemon.Process); err != nil {
		k.t.Fatalf("freeze the keychain: %v", err)
	}
}

// tool runs secret-tool and returns what it printed.
func (k *Keychain) tool(input string, args ...string) (string, error) {
	cmd := k.command("secret-tool", args...)
	cmd.Stdin = strings.NewReader(input)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// command prepares a program that has its home in the test's folder.
func (k *Keychain) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), k.Env...)
	for _, v := range []string{"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"} {
		cmd.Env = append(cmd.Env, v+"="+k.dir)
	}
	return cmd
}

// start starts a program and ends it with the test.
func (k *Keychain) start(cmd *exec.Cmd) {
	k.t.Helper()
	endWithParent(cmd)
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

func (k *Keychain) waitForFile(path string) {
	k.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			return
		}
		if time.Now().After(deadline) {
			k.t.Fatalf("%s does not come", path)
		}
	}
}
