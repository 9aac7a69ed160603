//go:build unix

package sound

import (
	"encoding/binary"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stage is a folder with programs that stand in for the players of the system:
// no computer that runs tests can be relied on to have one. Each notes what it
// was asked to play.
type stage struct {
	t    *testing.T
	bin  string
	dir  string
	note string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, bin: t.TempDir(), dir: filepath.Join(t.TempDir(), "sounds")}
	s.note = filepath.Join(s.bin, "played")
	t.Setenv("PATH", s.bin)
	return s
}

// put puts a program on the stage. What it runs after its note is of the shell.
func (s *stage) put(name, then string) {
	s.t.Helper()
	script := "#!/bin/sh\necho \"" + name + " $1\" >> '" + s.note + "'\n" + then + "\n"
	if err := os.WriteFile(filepath.Join(s.bin, name), []byte(script), 0o700); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) open() *Player {
	p := New(s.dir, slog.New(slog.DiscardHandler))
	s.t.Cleanup(p.Close)
	return p
}

// played is what was asked of the programs so far, as in "aplay look.wav".
func (s *stage) played() string {
	text, err := os.ReadFile(s.note)
	if err != nil && !os.IsNotExist(err) {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(strings.ReplaceAll(string(text), s.dir+string(filepath.Separator), ""))
}

// expect waits until this was played.
func (s *stage) expect(want string) {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); s.played() != want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("played %q, want %q", s.played(), want)
		}
	}
}

// runs reports whether the program that plays a file is there still, which has
// noted its process.
func (s *stage) runs(file string) bool {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.bin, file))
	if err != nil {
		return false // it was ended before it got there
	}
	id, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		s.t.Fatal(err)
	}
	return syscall.Kill(id, 0) == nil
}

func anyOf(t *testing.T) string { // the best player of this system
	t.Helper()
	return newCommands("").names[0]
}

func TestPlayerHandsATonesFileToAProgram(t *testing.T) {
	s := newStage(t)
	name := anyOf(t)
	s.put(name, "")
	p := s.open()
	if err := p.Available(); err != nil {
		t.Errorf("there is a program: %v", err)
	}
	p.Play(Taken)
	s.expect(name + " taken.wav")
	p.Play(Look)
	s.expect(name + " taken.wav\n" + name + " look.wav")
	file, err := os.ReadFile(filepath.Join(s.dir, "look.wav"))
	if err != nil || string(file) != string(Look.wave()) {
		t.Errorf("the file has %d bytes, %v", len(file), err)
	}
}

func TestPlayerTurnsToTheNextProgramWhenOneCannotPlay(t *testing.T) {
	s := newStage(t)
	names := newCommands("").names
	if len(names) < 2 {
		t.Skip("this system has one player only")
	}
	s.put(names[0], "exit 1")
	s.put(names[1], "")
	p := s.open()
	p.Play(Taken)
	s.expect(names[0] + " taken.wav\n" + names[1] + " taken.wav")
	p.Play(Look)
	s.expect(names[0] + " taken.wav\n" + names[1] + " taken.wav\n" + names[1] + " look.wav")
}

func TestPlayerWithoutAnyProgramIsSilent(t *testing.T) {
	s := newStage(t)
	p := s.open()
	if err := p.Available(); err == nil {
		t.Error("it says that it can play")
	}
	for range 100 {
		p.Play(Look)
	}
	p.Close()
}

// A tone that does not come to its end, as some programs wait for ever for a
// loudspeaker, gives way to the next, and ends with the player.
func TestPlayerPlaysOneToneAtATime(t *testing.T) {
	s := newStage(t)
	name := anyOf(t)
	s.put(name, "echo $$ > '"+s.bin+"/'\"${1##*/}\"; exec /bin/sleep 60")
	p := s.open()
	p.Play(Taken)
	s.expect(name + " taken.wav")
	p.Play(Look)
	s.expect(name + " taken.wav\n" + name + " look.wav")
	if s.runs("taken.wav") {
		t.Error("the first program runs on")
	}
	begun := time.Now()
	p.Play(Taken) // which does not drown the other one
	p.Close()
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("it took %v to end", took)
	}
	if s.runs("look.wav") {
		t.Error("the second program runs on")
	}
	if got := s.played(); strings.Count(got, "taken") != 1 {
		t.Errorf("played %q", got)
	}
	p.Play(Look) // too late, and no harm
}

func TestPlayNeverWaits(t *testing.T) {
	s := newStage(t)
	s.put(anyOf(t), "exec /bin/sleep 60")
	p := s.open()
	begun := time.Now()
	for i := range 1000 {
		p.Play(Kind(i % 2))
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("1000 tones took %v of the caller", took)
	}
}

func TestTonesAreWholeFiles(t *testing.T) {
	for _, k := range []Kind{Taken, Look} {
		w := k.wave()
		size := int(binary.LittleEndian.Uint32(w[4:])) + 8
		if string(w[:4]) != "RIFF" || size != len(w) || int(binary.LittleEndian.Uint32(w[40:]))+44 != len(w) {
			t.Errorf("tone %d: %d bytes, its head says %d", k, len(w), size)
		}
		first, last := binary.LittleEndian.Uint16(w[44:]), binary.LittleEndian.Uint16(w[len(w)-2:])
		if first != 0 || last != 0 {
			t.Errorf("tone %d begins at %d and ends at %d, which clicks", k, first, last)
		}
		if l := k.length(); l < 50*time.Millisecond || l > 500*time.Millisecond {
			t.Errorf("tone %d lasts %v", k, l)
		}
	}
	if Taken.length() > Look.length() {
		t.Error("the tone that calls is no longer than the other one")
	}
}
