package ui

import "time"

// scanRules tell what a barcode scanner types from what a person types. Both
// come in as keys; only their speed differs.
type scanRules struct {
	Length int           // the fewest characters of a code; 1 or more
	PerKey time.Duration // the most that keys of a scan are apart on average
}

// usualRules suit all but slow scanners. A quick typist needs 80 ms a key.
var usualRules = scanRules{Length: 4, PerKey: 35 * time.Millisecond}

// pause is the longest gap within a scan. It is much more than the average,
// because the toolkit tells no times: keys count when they are handed out, and
// behind a frame that took long they come in a bunch.
func (r scanRules) pause() time.Duration { return 3 * r.PerKey }

// slow is a gap that a late frame makes once and a person's hand every time.
func (r scanRules) slow() time.Duration { return 2 * r.PerKey }

// overall is the most that keys of a scan are apart on average when the time is
// counted in which the window was held up. No person types that fast.
func (r scanRules) overall() time.Duration { return r.PerKey + 30*time.Millisecond }

// accept reports whether a burst that has ended with Enter or Tab is a scan.
func (r scanRules) accept(b burst) bool { return len(b.runes) >= r.Length && r.rushes(b) }

// rushes reports whether the keys of a burst come faster than a person's.
func (r scanRules) rushes(b burst) bool {
	overall := (b.last.Sub(b.first) + b.lead) / time.Duration(max(1, len(b.runes)-1))
	return b.average(b.held) <= r.PerKey && overall <= r.overall() && b.slowest <= r.pause()
}

// burst is a run of keys without a pause in it.
type burst struct {
	runes       []rune
	first, last time.Time     // when its first and its newest rune came
	slowest     time.Duration // the longest gap, the one before the ending key included
	held        time.Duration // for how long the window was held up between its runes,
	lead        time.Duration // and right before the first one
}

// add takes the next rune of the burst. Held is for how long the window was held
// up since the one before.
func (b *burst) add(r rune, at time.Time, held time.Duration) {
	if len(b.runes) == 0 {
		b.first = at
	} else {
		b.slowest = max(b.slowest, at.Sub(b.last)-held)
		b.held += held
	}
	b.runes = append(b.runes, r)
	b.last = at
}

// end notes when the key came that ended the burst.
func (b *burst) end(at time.Time, held time.Duration) {
	b.slowest = max(b.slowest, at.Sub(b.last)-held)
}

// average is the time between two runes, without so much of all of it.
func (b burst) average(without time.Duration) time.Duration {
	if len(b.runes) < 2 {
		return 0
	}
	return (b.last.Sub(b.first) - without) / time.Duration(len(b.runes)-1)
}

// scanner finds the scans in a stream of keys. It only listens: the keys are
// typed meanwhile, and whoever asks takes them out again.
type scanner struct {
	now     func() time.Time
	held    func() time.Duration // for how long the window was held up so far; nil: never
	lead    func() time.Duration // and until this moment; may be nil
	rules   scanRules
	burst   burst
	dawdles bool          // the newest gap was slow
	before  time.Duration // held, at the newest key
	ended   time.Time     // when the last scan did
}

// stalled is for how long the window was held up since the newest key.
func (s *scanner) stalled() time.Duration {
	if s.held == nil {
		return 0
	}
	return s.held() - s.before
}

// add takes a rune in. It is true when a burst begins with it, and whatever
// came before was a person's.
func (s *scanner) add(r rune) (begins bool) {
	at, stalled := s.now(), s.stalled()
	gap := at.Sub(s.burst.last) - stalled
	paused := len(s.burst.runes) == 0 || gap > s.rules.pause()
	slow := !paused && gap > s.rules.slow()
	begins = paused || slow && s.dawdles
	if begins {
		s.burst = burst{}
		if s.lead != nil {
			s.burst.lead = s.lead()
		}
	}
	s.dawdles = slow
	s.burst.add(r, at, stalled)
	s.before += stalled
	return begins
}

// scanning reports whether the keys so far would be a scan if they ended now.
func (s *scanner) scanning() bool {
	b := s.burst
	b.end(s.now(), s.stalled())
	return s.rules.accept(b)
}

// rushing reports whether keys are coming faster than a person's, however few
// they are yet.
func (s *scanner) rushing() bool {
	b := s.burst
	b.end(s.now(), s.stalled())
	return len(b.runes) > 1 && s.rules.rushes(b)
}

// end takes Enter or Tab in. It returns the code when that has ended a scan.
func (s *scanner) end() (code string, ok bool) {
	code, ok = string(s.burst.runes), s.scanning()
	s.forget()
	if ok {
		s.ended = s.now()
	}
	return code, ok
}

// trailing reports whether a scan has just ended, and what comes now is only
// the rest of its end: some scanners press Enter twice, or Enter and Tab.
func (s *scanner) trailing() bool {
	return len(s.burst.runes) == 0 && s.now().Sub(s.ended) <= s.rules.pause()
}

// forget lets go of the keys so far: the next one begins a burst.
func (s *scanner) forget() { s.burst, s.dawdles = burst{}, false }
