package redistest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// patience is how long anything here waits for a server before the test fails.
const patience = 15 * time.Second

// program is what runs: redis-server, or what TROLLEY_TEST_SERVER names instead.
var program = cmp.Or(os.Getenv("TROLLEY_TEST_SERVER"), "redis-server")

// Server is a redis-server process. Its methods may be called from any
// goroutine, but not two that start or end it at a time.
type Server struct {
	Addr string // "127.0.0.1:port"

	t    testing.TB
	dir  string
	conf string // text of the configuration file; empty: none
	args []string

	mu   sync.Mutex
	cmd  *exec.Cmd
	gone chan struct{} // closed when the process has ended
}

// Start runs redis-server without persistence on a free port, with further
// arguments of its command line such as "--requirepass", "secret". It returns
// when the server answers, and ends the server with the test.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	return launch(t, "", args...)
}

// launch starts redis-server with a configuration file, where conf is not
// empty, and arguments. A port that was free a moment ago may have been taken
// since, so that it tries a few times.
func launch(t testing.TB, conf string, args ...string) *Server {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is needed for this test and is not installed: %v", program, err)
	}
	var err error
	for range 5 {
		s := &Server{Addr: freeAddr(t), t: t, dir: folder(t), conf: conf, args: args}
		if err = s.start(); err == nil {
			t.Cleanup(s.Kill)
			return s
		}
	}
	t.Fatalf("start %s: %v", program, err)
	return nil
}

// URL returns the server's address as redis://host:port/0.
func (s *Server) URL() string { return "redis://" + s.Addr + "/0" }

// Port returns the server's port.
func (s *Server) Port() string {
	_, port, _ := net.SplitHostPort(s.Addr)
	return port
}

// Dir returns the folder in which the server runs.
func (s *Server) Dir() string { return s.dir }

// Stop asks the server to end and waits for it.
func (s *Server) Stop() { s.end(os.Interrupt) }

// Kill ends the server at once, as a power cut would, and waits for it.
func (s *Server) Kill() { s.end(os.Kill) }

// Restart starts the server again on the same port, after Stop or Kill.
func (s *Server) Restart() {
	s.t.Helper()
	if err := s.start(); err != nil {
		s.t.Fatalf("restart the server: %v", err)
	}
}

// Do runs a command on a connection of its own and returns the reply: nil,
// int64, string or []any. An error reply fails the test.
func (s *Server) Do(t testing.TB, args ...any) any {
	t.Helper()
	v, err := s.ask(patience, args...)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return v
}

// Try is Do for commands that may be refused, and for servers that may be gone:
// it waits no longer than a client does by default.
func (s *Server) Try(args ...any) (any, error) { return s.ask(0, args...) }

// ask runs a command on a connection of its own, whose answer takes no longer
// than wait; 0: than by default.
func (s *Server) ask(wait time.Duration, args ...any) (any, error) {
	c := redis.NewClient(&redis.Options{
		Addr: s.Addr, Password: s.arg("--requirepass"), TLSConfig: s.tlsConfig(), Protocol: 2, PoolSize: 1,
		ReadTimeout: wait, MaxRetries: -1, DialerRetries: 1, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	defer c.Close()
	v, err := c.Do(context.Background(), args...).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return v, err
}

// IsReplica reports whether the server says that it is a replica. One that
// does not answer is none: a server breaks its connections as it becomes one.
func (s *Server) IsReplica() bool {
	role, err := s.Try("ROLE")
	return err == nil && role.([]any)[0] == "slave"
}

// arg returns the value that follows name in the server's command line.
func (s *Server) arg(name string) string {
	for i, a := range s.args {
		if a == name && i+1 < len(s.args) {
			return s.args[i+1]
		}
	}
	return ""
}

func (s *Server) start() error {
	args, err := s.commandLine()
	if err != nil {
		return err
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = s.dir
	// Servers from 7.2 on do not start in a language that is not installed.
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	endWithParent(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	gone := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(gone)
	}()
	s.mu.Lock()
	s.cmd, s.gone = cmd, gone
	s.mu.Unlock()
	return s.awaitAnswer(gone)
}

// commandLine returns the server's arguments. A configuration file is written
// at the first start only: the server keeps what it learns there.
func (s *Server) commandLine() ([]string, error) {
	var args []string
	if s.conf != "" {
		path := filepath.Join(s.dir, "conf")
		if _, err := os.Stat(path); err != nil {
			if err := os.WriteFile(path, []byte(s.conf), 0o600); err != nil {
				return nil, err
			}
		}
		args = append(args, path)
	}
	if s.secure() {
		args = append(args, "--port", "0", "--tls-port", s.Port())
	} else {
		args = append(args, "--port", s.Port())
	}
	args = append(args, "--bind", "127.0.0.1", "--save", "", "--dir", s.dir, "--logfile", filepath.Join(s.dir, "log"))
	return append(args, s.args...), nil
}

// secure reports whether the server speaks TLS only.
func (s *Server) secure() bool { return s.arg("--tls-cert-file") != "" }

// awaitAnswer waits until the server has loaded its data and says anything to
// PING: one that wants a password is up. A TLS port is up when it listens.
func (s *Server) awaitAnswer(gone <-chan struct{}) error {
	ok := poll(gone, func() bool {
		conn, err := net.DialTimeout("tcp", s.Addr, time.Second)
		if err != nil {
			return false
		}
		defer conn.Close()
		if s.secure() {
			return true
		}
		_ = conn.SetDeadline(time.Now().Add(time.Second))
		_, _ = conn.Write([]byte("PING\r\n"))
		answer := make([]byte, 64)
		n, err := conn.Read(answer)
		return n > 0 && err == nil && !bytes.HasPrefix(answer, []byte("-LOADING"))
	})
	if ok {
		return nil
	}
	text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return fmt.Errorf("%s on %s did not come up: %s", program, s.Addr, strings.TrimSpace(string(text)))
}

func (s *Server) end(sig os.Signal) {
	s.mu.Lock()
	cmd, gone := s.cmd, s.gone
	s.mu.Unlock()
	_ = cmd.Process.Signal(sig)
	select {
	case <-gone:
	case <-time.After(patience):
		s.t.Errorf("%s on %s does not end", program, s.Addr)
		_ = cmd.Process.Kill()
		<-gone
	}
	endChildren(cmd)
}

// folder returns a new folder for a server. Unlike t.TempDir it bears with a
// child of the server that still writes a file while the folder is emptied.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "redistest")
	if err != nil {
		t.Fatalf("make a folder for %s: %v", program, err)
	}
	t.Cleanup(func() {
		Await(t, "the server's folder to be removed", func() bool { return os.RemoveAll(dir) == nil })
	})
	return dir
}

// Await waits until cond holds, and fails the test when it does not in time.
func Await(t testing.TB, what string, cond func() bool) {
	t.Helper()
	if !poll(nil, cond) {
		t.Fatalf("waited %v in vain: %s", patience, what)
	}
}

// poll tries cond until it holds; it gives up when gone is closed or patience
// ends.
func poll(gone <-chan struct{}, cond func() bool) bool {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience)
	for !cond() {
		select {
		case <-tick.C:
		case <-gone:
			return false
		case <-end:
			return false
		}
	}
	return true
}
