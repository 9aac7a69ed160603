package ui

import "time"

// Measures of the stall meter.
const (
	beatEvery = 5 * time.Millisecond
	beatFor   = 500 * time.Millisecond // after the last key or picture
	leadTime  = 30 * time.Millisecond  // in which keys that had to wait are handed out
)

// stallMeter measures for how long the UI goroutine is held up, mostly by
// drawing. The toolkit tells no times of keys: those that come in meanwhile are
// handed out behind it, all at once and late. The meter beats only while there is
// something to draw or keys come in.
type stallMeter struct {
	async func(func())                     // runs on the UI goroutine, soon
	begin func(beat func(<-chan struct{})) // starts a goroutine that ends with the channel or the window

	total time.Duration // so far
	last  time.Duration // the last time it was held up,
	ended time.Time     // and when that was over
	sign  time.Time     // the last sign of life
	until time.Time     // beats go on until then
	stop  chan struct{} // ends the beats; nil: there are none
}

// watch has the meter beat for a while. A nil meter has nothing to measure.
func (m *stallMeter) watch() {
	if m == nil {
		return
	}
	now := time.Now()
	m.until = now.Add(beatFor)
	if m.stop != nil {
		return
	}
	m.sign, m.stop = now, make(chan struct{})
	stop := m.stop
	m.begin(func(ended <-chan struct{}) { m.beat(stop, ended) })
}

// beat asks for a sign of life again and again, one at a time.
func (m *stallMeter) beat(stop, ended <-chan struct{}) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	free := make(chan struct{}, 1)
	free <- struct{}{}
	for {
		select {
		case <-stop:
			return
		case <-ended:
			return
		case <-tick.C:
		}
		select {
		case <-free:
			m.async(func() { m.live(); free <- struct{}{} })
		default: // the UI goroutine has not come to the last one
		}
	}
}

// live takes a sign of life.
func (m *stallMeter) live() {
	now := time.Now()
	if d := late(now.Sub(m.sign)); d > 0 {
		m.total, m.last, m.ended = m.total+d, d, now
	}
	m.sign = now
	if m.stop != nil && now.After(m.until) {
		close(m.stop)
		m.stop = nil
	}
}

// held returns for how long the UI goroutine was held up so far, since some
// moment before the first key.
func (m *stallMeter) held() time.Duration {
	if m.stop == nil {
		return m.total
	}
	return m.total + late(time.Since(m.sign))
}

// lead returns for how long the window was held up until now: keys that come in
// at this moment may have been pressed at any time since it began.
func (m *stallMeter) lead() time.Duration {
	if m.stop != nil {
		if d := late(time.Since(m.sign)); d > 0 {
			return d
		}
	}
	if time.Since(m.ended) < leadTime {
		return m.last
	}
	return 0
}

// late is how much later a sign of life came than it should.
func late(gap time.Duration) time.Duration { return max(0, gap-2*beatEvery) }
