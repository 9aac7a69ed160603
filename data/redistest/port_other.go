//go:build !linux

package redistest

import (
	"net"
	"testing"
)

// freeAddr finds a free port of the loopback device. Somebody else may take it
// before it is used.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer l.Close()
	return l.Addr().String()
}

// hangUp ends a listener. A process that is being started right now may keep
// the port for a moment.
func hangUp(l net.Listener) { _ = l.Close() }
