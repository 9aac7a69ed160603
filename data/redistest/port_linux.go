package redistest

import (
	"fmt"
	"net"
	"syscall"
	"testing"
)

// freeAddr finds a free port of the loopback device and keeps it for the test:
// nobody else is given it, also while whoever it is for is not listening. Being
// bound without listening is no hindrance to a server that, as Go and Redis do,
// lets its address be shared.
func freeAddr(t testing.TB) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("open a socket: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		t.Fatalf("let an address be shared: %v", err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	addr, err := nameOf(fd)
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	return addr
}

// nameOf returns the address that a socket was bound to.
func nameOf(fd int) (string, error) {
	at, err := syscall.Getsockname(fd)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("127.0.0.1:%d", at.(*syscall.SockaddrInet4).Port), nil
}

// hangUp ends a listener at once. Closing it is not enough: a process that is
// being started holds copies of all files until it runs, and would keep the port.
func hangUp(l net.Listener) {
	if raw, err := l.(*net.TCPListener).SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.Shutdown(int(fd), syscall.SHUT_RD) })
	}
	_ = l.Close()
}
