package redis_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
)

// void returns a port of this computer that answers nobody, as an address does
// behind which no computer is: its queue of connections is full.
func void(t *testing.T) (port int) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	port = name.(*syscall.SockaddrInet4).Port
	for range 20 {
		conn, err := net.DialTimeout("tcp", fmt.Sprint("127.0.0.1:", port), 200*time.Millisecond)
		if err != nil {
			return port
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	t.Fatal("the port goes on to answer")
	return 0
}

func TestPreflightWaitsForADeadHostInReach(t *testing.T) {
	t.Parallel()
	s := open(t, redis.Config{URL: fmt.Sprint("redis://localhost:", void(t))})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told, done := telling(ctx, s)
	if f := expectStage(t, told, data.StageFind); !strings.Contains(f.Facts, "127.0.0.1") {
		t.Errorf("found %q", f.Facts)
	}
	expectEnd(t, cancel, told, done)
}

func TestPreflightOfADeadHostEndsSoon(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"redis", "rediss"} {
		began := time.Now()
		f := last(t, open(t, redis.Config{URL: fmt.Sprint(scheme, "://127.0.0.1:", void(t))}))
		if f.Stage != data.StageReach || data.FaultOf(f.Err) != data.FaultTimeout {
			t.Errorf("%+v", f)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
	}
}
