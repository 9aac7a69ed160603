package redistest

import (
	"net"
	"syscall"
	"testing"
	"time"
)

// Void returns the address of a port that answers nobody, like a computer that
// is switched off: its queue of connections is full. It is there until the end
// of the test.
func Void(t testing.TB) (addr string) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("open a socket: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatalf("listen: %v", err)
	}
	if addr, err = nameOf(fd); err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	for range 20 {
		conn, err := net.DialTimeout("tcp", addr, 200*time.Millisecond)
		if err != nil {
			return addr
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	t.Fatal("the port goes on to answer")
	return ""
}
