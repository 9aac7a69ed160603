package redistest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"trolley/data/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// connect opens a client that never repeats a command.
func connect(t *testing.T, addr string) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{
		Addr: addr, MaxRetries: -1, DialerRetries: 1, PoolSize: 1, Protocol: 2,
		ReadTimeout: 300 * time.Millisecond, DialTimeout: time.Second, DisableIdentity: true,
	})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestServerForgetsOnRestartAndKeepsItsPort(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	s.Do(t, "SET", "a", "1")
	for _, end := range []func(){s.Stop, s.Kill} {
		end()
		if _, err := s.Try("PING"); err == nil {
			t.Error("the server still answers")
		}
		s.Restart()
		if v := s.Do(t, "GET", "a"); v != nil {
			t.Errorf("a is %v", v)
		}
	}
}

func TestPausedServerAnswersAfterResume(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	c := connect(t, s.Addr)
	s.Pause()
	if err := c.Ping(t.Context()).Err(); err == nil {
		t.Error("a frozen server answered")
	}
	s.Resume()
	redistest.Await(t, "an answer", func() bool { return c.Ping(t.Context()).Err() == nil })
}

func TestSwallowedCommandIsDoneAndItsAnswerLost(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr)
	c := connect(t, p.Addr)
	p.Swallow(2, "incr")
	for range 2 {
		if err := c.Incr(t.Context(), "n").Err(); !errors.Is(err, io.EOF) {
			t.Errorf("the answer is %v, want EOF", err)
		}
	}
	if !p.Swallowed() || p.Seen("INCR") != 2 {
		t.Errorf("%d INCR came through", p.Seen("INCR"))
	}
	if n := c.Incr(t.Context(), "n").Val(); n != 3 {
		t.Errorf("n is %d, want 3", n)
	}
}

func TestResetBreaksConnectionsAndLetsNewOnesIn(t *testing.T) {
	t.Parallel()
	p := redistest.NewProxy(t, redistest.Start(t).Addr)
	conn, err := net.Dial("tcp", p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	redistest.Await(t, "the connection", func() bool { return p.Connections() == 1 })
	p.Reset()
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the connection ended with %v", err)
	}
	if err := connect(t, p.Addr).Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
}

func TestBlackHoleHoldsBackUntilResume(t *testing.T) {
	t.Parallel()
	p := redistest.NewProxy(t, redistest.Start(t).Addr)
	c := connect(t, p.Addr)
	c.Ping(t.Context())
	p.BlackHole()
	if err := c.Ping(t.Context()).Err(); err == nil {
		t.Error("an answer came out of the black hole")
	}
	p.Resume()
	if err := c.Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
}

func TestRefusedConnectionsAreLetInAfterResume(t *testing.T) {
	t.Parallel()
	p := redistest.NewProxy(t, redistest.Start(t).Addr)
	c := connect(t, p.Addr)
	p.Refuse()
	if err := c.Ping(t.Context()).Err(); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("the answer is %v, want connection refused", err)
	}
	p.Resume()
	redistest.Await(t, "an answer", func() bool { return c.Ping(t.Context()).Err() == nil })
}

func TestHalfOpenConnectionStaysSilentForEver(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr)
	c := connect(t, p.Addr)
	sub := c.Subscribe(t.Context(), "news")
	defer sub.Close()
	if _, err := sub.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.HalfOpen()
	s.Do(t, "PUBLISH", "news", "x")
	if msg, err := sub.ReceiveTimeout(context.Background(), 200*time.Millisecond); err == nil {
		t.Errorf("the dead connection said %v", msg)
	}
	if err := connect(t, p.Addr).Ping(t.Context()).Err(); err != nil {
		t.Errorf("a new connection: %v", err)
	}
}

func TestServerWithTLSDoesWhatTheTestAsks(t *testing.T) {
	s := redistest.StartTLS(t, redistest.NewCA(t), "--requirepass", "secret")
	if got := s.Do(t, "PING"); got != "PONG" {
		t.Errorf("it answers %v", got)
	}
}
