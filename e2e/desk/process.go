//go:build linux

package desk

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// process is a program that was started and is waited for.
type process struct {
	name string
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when it has ended
	err  error         // how it ended; read after done
}

// start starts a command whose output goes to the file log. Extra is handed
// over as its file 3.
func start(name, log string, env []string, dir string, argv []string, extra ...*os.File) (*process, error) {
	out, err := os.Create(log)
	if err != nil {
		return nil, fmt.Errorf("make the log of %s: %w", name, err)
	}
	defer func() { _ = out.Close() }()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = env, dir, out, out, extra
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &process{name: name, cmd: cmd, log: log, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// ended returns an error if the process is not there any more.
func (p *process) ended() error {
	select {
	case <-p.done:
		return fmt.Errorf("%s has ended (%s); it said:\n%.4000s", p.name, p.cmd.ProcessState, p.said())
	default:
		return nil
	}
}

// said returns what the process has printed so far.
func (p *process) said() string {
	text, _ := os.ReadFile(p.log) // it was made before the process
	return string(text)
}

// signal sends a signal, also to a process that has ended.
func (p *process) signal(s os.Signal) error {
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal %s: %w", p.name, err)
	}
	return nil
}

// wait waits until the process has ended.
func (p *process) wait(patience time.Duration) error {
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
		return fmt.Errorf("%s is still there after %s", p.name, patience)
	}
}

// waitUnstuck is wait for a program of ours: one that does not end is made to
// say what it is doing.
func (p *process) waitUnstuck() error {
	err := p.wait(Patience)
	if err != nil {
		err = errors.Join(err, p.signal(syscall.SIGQUIT), p.wait(Patience))
	}
	return err
}

// stop asks the process to end, and sees to it. An X server that is killed
// leaves its socket behind.
func (p *process) stop() error {
	if p == nil {
		return nil
	}
	err := p.signal(syscall.SIGTERM)
	if err == nil {
		err = p.wait(Patience)
	}
	return errors.Join(err, p.kill())
}

// kill ends the process at once, if it was ever started.
func (p *process) kill() error {
	if p == nil {
		return nil
	}
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	return p.wait(Patience)
}
