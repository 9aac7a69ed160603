package sound

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// Kind is one of the tones.
type Kind int

const (
	Taken Kind = iota // a scan is in the cart
	Look              // somebody has to look at the screen
)

// The names of the tones' files.
var names = [...]string{Taken: "taken.wav", Look: "look.wav"}

// note is a tone of one pitch, followed by silence.
type note struct {
	hertz    float64
	lasts    time.Duration
	silentBy time.Duration
}

// melodies are the tones. The low one is as low as the loudspeaker of a small
// computer still carries, and double, so that it is told from the high one by
// those who hear no pitch.
var melodies = [...][]note{
	Taken: {{1175, 90 * time.Millisecond, 20 * time.Millisecond}},
	Look:  {{311, 130 * time.Millisecond, 70 * time.Millisecond}, {311, 170 * time.Millisecond, 20 * time.Millisecond}},
}

// How the tones are stored: whole numbers of 16 bits, one channel.
const (
	perSecond  = 22050
	sampleSize = 2 // bytes
	loudness   = 0.5
	// ramp is how long a tone takes to swell and to fade. Without it one hears
	// a click.
	ramp = 8 * time.Millisecond
)

// length is how long a tone is heard.
func (k Kind) length() time.Duration {
	var d time.Duration
	for _, n := range melodies[k] {
		d += n.lasts + n.silentBy
	}
	return d
}

// wave is a tone as a WAV file.
func (k Kind) wave() []byte {
	var samples []int16
	for _, n := range melodies[k] {
		samples = append(samples, n.samples()...)
	}
	size := uint32(len(samples) * sampleSize)
	var file bytes.Buffer
	file.WriteString("RIFF")
	put(&file, 36+size)
	file.WriteString("WAVEfmt ")
	put(&file, uint32(16), uint16(1), uint16(1), uint32(perSecond), uint32(perSecond*sampleSize), uint16(sampleSize), uint16(8*sampleSize))
	file.WriteString("data")
	put(&file, size, samples)
	return file.Bytes()
}

func put(file *bytes.Buffer, values ...any) {
	for _, v := range values {
		_ = binary.Write(file, binary.LittleEndian, v) // a buffer takes everything
	}
}

func (n note) samples() []int16 {
	sounding := count(n.lasts)
	out := make([]int16, sounding+count(n.silentBy))
	for i := range sounding {
		swell := min(1, float64(i)/float64(count(ramp)), float64(sounding-1-i)/float64(count(ramp)))
		out[i] = int16(loudness * swell * math.MaxInt16 * math.Sin(2*math.Pi*n.hertz*float64(i)/perSecond))
	}
	return out
}

// count is how many samples a time has.
func count(d time.Duration) int { return int(d * perSecond / time.Second) }
