package config

import (
	"time"

	"trolley/data"
)

// Settings are what a shop is opened with besides its connection.
type Settings struct {
	Counter string        // this desk's name, as the others see it
	Timeout time.Duration // of carts; 0: never, otherwise 1 s or more
}

// Check returns what is wrong with the settings.
func (s Settings) Check() []Problem {
	var found problemList
	found.refused(FieldCounter, data.CheckCounter(s.Counter))
	if wrongTimeout(s.Timeout) {
		found.add(FieldTimeout, reasonTimeout)
	}
	return found
}

func wrongTimeout(d time.Duration) bool { return d < 0 || d > 0 && d < time.Second }
