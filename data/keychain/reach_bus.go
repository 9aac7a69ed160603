//go:build !windows && !darwin

package keychain

import (
	"fmt"
	"os"
)

// reachable reports whether there is a bus to find a store on. Without one the
// library would start one, which nobody asked for.
func reachable() bool {
	addr := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	if addr != "" && addr != "autolaunch:" {
		return true
	}
	for _, name := range []string{"bus", "dbus-session"} {
		if _, err := os.Stat(fmt.Sprintf("/run/user/%d/%s", os.Getuid(), name)); err == nil {
			return true
		}
	}
	return false
}
