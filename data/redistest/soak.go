package redistest

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// Environment variables of long runs.
const (
	soakVariable = "TROLLEY_SOAK" // a Go duration
	seedVariable = "TROLLEY_SEED" // a number
)

// Duration returns how long a test that looks for rare failures runs: as long
// as given, or as TROLLEY_SOAK says.
func Duration(t testing.TB, usual time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv(soakVariable)
	if text == "" {
		return usual
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		t.Fatalf("%s is %q, not a duration like 10m", soakVariable, text)
	}
	return d
}

// Seed returns what a test begins its random choices with, and logs it: another
// number each time, or the one that TROLLEY_SEED says. The same seed makes the
// same choices; how long things take still differs.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv(seedVariable); text != "" {
		given, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s is %q, not a number", seedVariable, text)
		}
		seed = given
	}
	t.Logf("the choices of this run: %s=%d", seedVariable, seed)
	return seed
}
