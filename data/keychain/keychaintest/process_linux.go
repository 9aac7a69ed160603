package keychaintest

import (
	"os"
	"os/exec"
	"syscall"
)

// endWithParent lets the kernel end a program whose test was itself killed.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

func freeze(p *os.Process) error { return p.Signal(syscall.SIGSTOP) }
