package redistest

import (
	"os/exec"
	"syscall"
)

// endWithParent lets the kernel end a server whose test was itself killed, and
// gives it a process group of its own for endChildren.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// endChildren ends what a server that is gone forked to write its files: such
// a child outlives a server that was killed, and goes on writing.
func endChildren(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
