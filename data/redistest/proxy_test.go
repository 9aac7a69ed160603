package redistest_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"trolley/data/redistest"
)

// subscribe follows a channel through addr with a version of the protocol.
func subscribe(t *testing.T, addr, channel string, protocol int) *redis.PubSub {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: addr, Protocol: protocol, MaxRetries: -1, DisableIdentity: true})
	sub := c.Subscribe(t.Context(), channel)
	t.Cleanup(func() { _, _ = sub.Close(), c.Close() })
	if _, err := sub.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	return sub
}

// hear returns the next thing a subscription says: a message, or "pong".
func hear(t *testing.T, sub *redis.PubSub) string {
	t.Helper()
	for {
		said, err := sub.ReceiveTimeout(t.Context(), 5*time.Second)
		if err != nil {
			t.Fatalf("receive: %v", err)
		}
		switch m := said.(type) {
		case *redis.Message:
			return m.Payload
		case *redis.Pong:
			return "pong"
		}
	}
}

func TestDeafSubscriptionAnswersPingAndHearsNothing(t *testing.T) {
	for name, protocol := range map[string]int{"RESP2": 2, "RESP3": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.Start(t)
			p := redistest.NewProxy(t, s.Addr)
			sub := subscribe(t, p.Addr, "news", protocol)
			s.Do(t, "PUBLISH", "news", "before")
			if said := hear(t, sub); said != "before" {
				t.Errorf("it heard %q", said)
			}
			p.Deafen()
			for range 100 {
				s.Do(t, "PUBLISH", "news", strings.Repeat("x\r\n", 3000))
			}
			_ = sub.Ping(t.Context())
			if said := hear(t, sub); said != "pong" {
				t.Errorf("the deaf subscription heard %.20q", said)
			}
			late := subscribe(t, p.Addr, "news", protocol)
			s.Do(t, "PUBLISH", "news", "after")
			if said := hear(t, late); said != "after" {
				t.Errorf("a new subscription heard %q", said)
			}
		})
	}
}

func TestDeafConnectionStillGetsReplies(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr)
	c := redis.NewClient(&redis.Options{Addr: p.Addr, Protocol: 3, PoolSize: 1, MaxRetries: -1, DisableIdentity: true})
	defer c.Close()
	s.Do(t, "HSET", "h", "a", "1", "b", strings.Repeat("\r\n", 50000))
	c.Ping(t.Context())
	p.Deafen()
	if h := c.HGetAll(t.Context(), "h").Val(); h["a"] != "1" || len(h["b"]) != 100000 {
		t.Errorf("the hash has a=%q and %d bytes of b", h["a"], len(h["b"]))
	}
	if err := c.Get(t.Context(), "missing").Err(); !errors.Is(err, redis.Nil) {
		t.Errorf("a missing key: %v", err)
	}
	if p.Connections() != 1 {
		t.Errorf("%d connections, want the deaf one only", p.Connections())
	}
}

func TestSlowReplyComesAfterTheClientGaveUp(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr)
	c := connect(t, p.Addr)
	c.Ping(t.Context())
	p.Slow(time.Minute)
	var late net.Error
	if err := c.Incr(t.Context(), "n").Err(); !errors.As(err, &late) || !late.Timeout() {
		t.Errorf("the answer is %v, want a timeout", err)
	}
	if n := s.Do(t, "GET", "n"); n != "1" {
		t.Errorf("n is %v, want 1: the command was to be done", n)
	}
	p.Slow(50 * time.Millisecond)
	began := time.Now()
	if err := c.Ping(t.Context()).Err(); err != nil || time.Since(began) < 50*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	p.Slow(time.Minute)
	done := make(chan error)
	go func() { done <- c.Ping(t.Context()).Err() }()
	redistest.Await(t, "the server has the command", func() bool { return p.Seen("PING") == 3 })
	p.Resume()
	if err := <-done; err != nil {
		t.Errorf("a reply that was let go: %v", err)
	}
}

func TestRedirectedProxyBringsNewConnectionsElsewhere(t *testing.T) {
	t.Parallel()
	one, two := redistest.Start(t), redistest.Start(t)
	one.Do(t, "SET", "name", "one")
	two.Do(t, "SET", "name", "two")
	p := redistest.NewProxy(t, one.Addr)
	old := connect(t, p.Addr)
	old.Ping(t.Context())
	p.Redirect(two.Addr)
	if name := old.Get(t.Context(), "name").Val(); name != "one" {
		t.Errorf("the old connection reaches %s", name)
	}
	if name := connect(t, p.Addr).Get(t.Context(), "name").Val(); name != "two" {
		t.Errorf("a new connection reaches %s", name)
	}
}

// The tests start servers all the time, and each of them holds copies of all
// files of the test until it runs.
func TestProxyGetsItsPortBackWhileProcessesStart(t *testing.T) {
	t.Parallel()
	s := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr)
	ctx, stop := context.WithCancel(t.Context())
	var starting sync.WaitGroup
	defer starting.Wait()
	defer stop()
	for range 4 {
		starting.Go(func() {
			for ctx.Err() == nil {
				_ = exec.Command(os.Args[0], "-test.run", "^$").Run()
			}
		})
	}
	for range 500 {
		p.Refuse()
		p.Resume()
	}
}
