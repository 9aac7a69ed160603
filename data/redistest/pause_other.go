//go:build !unix

package redistest

// Pause fails the test where the system cannot freeze a process.
func (s *Server) Pause() { s.t.Fatal("this system cannot freeze a server") }

// Resume undoes Pause.
func (s *Server) Resume() {}
