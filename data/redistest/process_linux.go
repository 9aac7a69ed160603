package redistest

import (
	"os/exec"
	"syscall"
)

// endWithParent lets the kernel end a server whose test was itself killed.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
