package sound

import (
	"context"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What PlaySound is asked for: a tone in memory, beside what goes on, and
// nothing rather than the system's own sound where it cannot be played.
const (
	playAsync     = 0x0001
	playNoDefault = 0x0002
	playMemory    = 0x0004
)

var playSound = windows.NewLazySystemDLL("winmm.dll").NewProc("PlaySoundW")

// winmm plays tones by the system itself, which reads them while it plays:
// they stay in memory.
type winmm struct{ waves [len(names)][]byte }

func newOutput(string) output {
	w := &winmm{}
	for k := range names {
		w.waves[k] = Kind(k).wave()
	}
	return w
}

// available implements output.
func (*winmm) available() error {
	if err := playSound.Find(); err != nil {
		return fmt.Errorf("find the player of Windows: %w", err)
	}
	return nil
}

// play implements output.
func (w *winmm) play(ctx context.Context, k Kind) error {
	if err := w.available(); err != nil {
		return err
	}
	wave := unsafe.Pointer(unsafe.SliceData(w.waves[k]))
	if ok, _, err := playSound.Call(uintptr(wave), 0, playAsync|playNoDefault|playMemory); ok == 0 {
		return fmt.Errorf("play a tone: %w", err)
	}
	select {
	case <-ctx.Done():
		_, _, _ = playSound.Call(0, 0, 0) // be silent
	case <-time.After(k.length()):
	}
	return nil
}
