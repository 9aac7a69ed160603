package redistest_test

import (
	"testing"
	"time"

	"trolley/data/redistest"
)

func TestSoakRunsAsLongAsTheEnvironmentSays(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 8 * time.Second, "1h30m": 90 * time.Minute} {
		t.Setenv("TROLLEY_SOAK", text)
		if d := redistest.Duration(t, 8*time.Second); d != want {
			t.Errorf("%q gives %v, want %v", text, d, want)
		}
	}
}

func TestSeedOfAFailureCanBeGiven(t *testing.T) {
	t.Setenv("TROLLEY_SEED", "7")
	if seed := redistest.Seed(t); seed != 7 {
		t.Errorf("the seed is %d, want 7", seed)
	}
}
