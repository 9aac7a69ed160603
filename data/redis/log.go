package redis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// secrets are texts that must not appear anywhere.
type secrets []string

// hide returns text without the secrets. A server that does not know a command
// repeats its arguments, and may break off in the middle of a password.
func (s secrets) hide(text string) string {
	text, _, _ = strings.Cut(text, ", with args beginning with:")
	for _, one := range s {
		if one != "" {
			text = strings.ReplaceAll(text, one, "***")
		}
	}
	return text
}

// clean returns err as it is, or without the secrets where it holds one.
func (s secrets) clean(err error) error {
	text := err.Error()
	if shown := s.hide(text); shown != text {
		return errors.New(shown)
	}
	return err
}

// logEvery is the shortest time between two lines of the driver.
const logEvery = 5 * time.Second

// driverLog is where the driver's own messages go, which is one place for the
// whole program. It hides the passwords of all stores, and lets one line
// through at a time: a server that is away makes hundreds.
type driverLog struct {
	mu      sync.Mutex
	out     *slog.Logger
	secrets secrets
	last    time.Time
	held    int
}

var (
	driver        = &driverLog{out: slog.New(slog.DiscardHandler)}
	installDriver = sync.OnceFunc(func() { redis.SetLogger(driver) })
)

// mostHidden is how many secrets are remembered: those of more stores than are
// ever open, as passwords may change every few minutes.
const mostHidden = 8 * mostSecrets

// use makes out the place where messages go, and hides hidden in them.
func (d *driverLog) use(out *slog.Logger, hidden secrets) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out = out
	for _, one := range hidden {
		if !slices.Contains(d.secrets, one) {
			d.secrets = append(d.secrets[max(0, len(d.secrets)+1-mostHidden):], one)
		}
	}
}

// Printf implements the driver's logger.
func (d *driverLog) Printf(ctx context.Context, format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.last) < logEvery {
		d.held++
		return
	}
	text := d.secrets.hide(fmt.Sprintf(format, args...))
	d.out.DebugContext(ctx, "redis driver", "message", text, "held", d.held)
	d.last, d.held = time.Now(), 0
}
