//go:build unix

package redistest

import "syscall"

// Pause freezes the server: its connections stay open and nothing answers.
// Kill works on a frozen server, Stop does not.
func (s *Server) Pause() { s.signal(syscall.SIGSTOP) }

// Resume lets a frozen server go on.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig syscall.Signal) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatalf("send %v to the server: %v", sig, err)
	}
}
