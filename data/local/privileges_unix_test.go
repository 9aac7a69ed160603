//go:build unix

package local

import "syscall"

// dropPrivileges makes the process a user whom file permissions hold back; they
// do not hold back root, as whom containers run tests.
func dropPrivileges() {
	if syscall.Getuid() == 0 {
		if err := syscall.Setuid(65534); err != nil {
			panic(err)
		}
	}
}
