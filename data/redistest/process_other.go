//go:build !linux

package redistest

import "os/exec"

// endWithParent does nothing where the system has no such service.
func endWithParent(*exec.Cmd) {}

// endChildren does nothing where a server's children cannot be told apart.
func endChildren(*exec.Cmd) {}
