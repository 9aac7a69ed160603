package redis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// secret is a text that must not appear anywhere.
type secret string

// hide returns text without the secret.
func (s secret) hide(text string) string {
	if s == "" {
		return text
	}
	return strings.ReplaceAll(text, string(s), "***")
}

// clean returns err as it is, or without the secret where it holds it: servers
// repeat the arguments of commands that they do not know.
func (s secret) clean(err error) error {
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
	secrets map[secret]bool
	last    time.Time
	held    int
}

var (
	driver        = &driverLog{out: slog.New(slog.DiscardHandler), secrets: map[secret]bool{}}
	installDriver = sync.OnceFunc(func() { redis.SetLogger(driver) })
)

// use makes out the place where messages go, and hides password in them.
func (d *driverLog) use(out *slog.Logger, password secret) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out = out
	d.secrets[password] = true
}

// Printf implements the driver's logger.
func (d *driverLog) Printf(ctx context.Context, format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.last) < logEvery {
		d.held++
		return
	}
	text := fmt.Sprintf(format, args...)
	for s := range d.secrets {
		text = s.hide(text)
	}
	d.out.DebugContext(ctx, "redis driver", "message", text, "held", d.held)
	d.last, d.held = time.Now(), 0
}
