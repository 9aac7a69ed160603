package redis

import (
	"context"
	"log/slog"
	"slices"
	"sync"
)

// vault holds the secrets of a store, which may become more while it is open.
type vault struct {
	log *slog.Logger

	mu    sync.Mutex
	known secrets
}

// mostSecrets is how many a vault remembers: a password that changes every few
// minutes must not fill the memory.
const mostSecrets = 32

func newVault(log *slog.Logger, known ...string) *vault {
	v := &vault{log: log}
	driver.use(log, nil)
	for _, one := range known {
		v.learn(one)
	}
	return v
}

// learn hides one more text from now on, also in what the driver logs.
func (v *vault) learn(secret string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if secret == "" || slices.Contains(v.known, secret) {
		return
	}
	// A new list: whoever cleans a text at the moment goes on with the old one.
	v.known = append(slices.Clone(v.known[max(0, len(v.known)+1-mostSecrets):]), secret)
	driver.use(v.log, secrets{secret})
}

func (v *vault) all() secrets {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.known
}

// hide returns text without the secrets.
func (v *vault) hide(text string) string { return v.all().hide(text) }

// clean returns err as it is, or without the secrets where it holds one.
func (v *vault) clean(err error) error { return v.all().clean(err) }

// credentials is what the driver asks who we are at each new connection; nil: it
// has been told once for all.
type credentials = func(ctx context.Context) (user, password string, err error)

// credentials makes one of a function that knows the password. Where that fails
// the server decides whether it needs any: its answer says more than ours would.
func (s *Store) credentials(user string, secret func(context.Context) (string, error)) credentials {
	if secret == nil {
		return nil
	}
	return func(ctx context.Context) (string, string, error) {
		password, err := secret(ctx)
		if err != nil {
			s.log.WarnContext(ctx, "no password for the server", "error", s.secrets.clean(err))
			return user, "", nil
		}
		s.secrets.learn(password)
		return user, password, nil
	}
}
