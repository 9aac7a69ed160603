package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trolley/data/config"
	"trolley/data/keychain"
	"trolley/data/redis"
)

// withPasswords fills in the passwords that are known already. They are for
// their own server and user only, and for nobody who could not read them before.
func (o *opener) withPasswords(c config.Connection) config.Connection {
	r, err := c.Redis()
	if err != nil {
		return c
	}
	for _, k := range slices.Backward(o.opened()) {
		if secrecy(r) < secrecy(k) {
			continue
		}
		if r.Account() == k.Account() {
			c.Password = cmp.Or(c.Password, k.Password)
		}
		if r.SentinelAccount() == k.SentinelAccount() {
			c.SentinelPassword = cmp.Or(c.SentinelPassword, k.SentinelPassword)
		}
	}
	return c
}

// exposes reports whether a kept password would be shown to more people than the
// last time: without encryption, or to whoever says that he is the server.
func (o *opener) exposes(r config.Redis) bool {
	for _, k := range slices.Backward(o.opened()) {
		if r.Account() == k.Account() {
			return secrecy(r) < secrecy(k)
		}
	}
	return false
}

// secrecy orders connections by how well they keep a password from others.
func secrecy(r config.Redis) int {
	switch {
	case strings.HasPrefix(r.URL, "unix:"):
		return 2 // it does not leave this computer
	case !strings.HasPrefix(r.URL, "rediss:"):
		return 0
	case r.Unverified:
		return 1
	}
	return 2
}

func (o *opener) opened() []config.Redis {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.known
}

// keychainWait is how long the keychain is waited for where nothing goes on
// meanwhile: at first it may have to be started, or to be unlocked by a person.
const keychainWait = 3 * time.Second

// askWait is how long a new connection waits for the keychain. It is a part of
// what a cart waits for an answer: that the password is missing is to be known by
// then, or the window would take the server to be away, and ask for no password.
const askWait = 500 * time.Millisecond

// fromKeychain has the passwords that are missing fetched from the system's
// keychain. That of the server is asked for with each connection: the keychain
// may be locked until somebody has seen to it. The sentinels' has to be there
// before the first connection.
func (o *opener) fromKeychain(ctx context.Context, r config.Redis, server *redis.Config) {
	ctx, cancel := context.WithTimeout(ctx, keychainWait)
	defer cancel()
	if r.Password == "" {
		if _, err := o.fetch(ctx, r.Account()); err != nil {
			o.log.Warn("the server's password is not known yet", "error", err)
		}
		server.Secret = func(ctx context.Context) (string, error) {
			ctx, cancel := context.WithTimeout(ctx, askWait)
			defer cancel()
			return o.fetch(ctx, r.Account())
		}
	}
	if r.Mode != config.Sentinel || r.SentinelPassword != "" {
		return
	}
	password, err := o.fetch(ctx, r.SentinelAccount())
	if err != nil {
		o.log.Warn("the sentinels' password is not known", "error", err)
	}
	server.SentinelPassword = password
}

// fetch reads a password from the keychain. One that is not there is none.
func (o *opener) fetch(ctx context.Context, account string) (string, error) {
	password, err := keychain.Get(ctx, account)
	switch {
	case errors.Is(err, keychain.ErrNotFound):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("read the password: %w", err)
	}
	o.secret(password)
	return password, nil
}

// Keychain implements ui.Connector.
func (o *opener) Keychain(ctx context.Context) error { return keychain.Available(ctx) }

// savingWait is how long the keychain is waited for when a password is put there:
// it may ask the person to unlock it.
const savingWait = time.Minute

// Save implements ui.Connector. A password that was not typed anew stays where
// it is, unless it is not to be kept there any more. One that the environment
// gives is not written down anywhere else.
func (o *opener) Save(ctx context.Context, c config.Connection) error {
	c = o.withPasswords(c)
	if o.conf.Locked(config.FieldPassword) {
		c.Password = ""
	}
	if o.conf.Locked(config.FieldSentinelPass) {
		c.SentinelPassword = ""
	}
	switch {
	case !c.Shared:
	case c.Keep == config.KeepKeychain:
		if err := toKeychain(ctx, c); err != nil {
			return err
		}
	case o.current().Keep == config.KeepKeychain:
		o.outOfKeychain(ctx, c)
	}
	return config.SaveConnection(o.conf.DataDir, c)
}

func (o *opener) outOfKeychain(ctx context.Context, c config.Connection) {
	ctx, cancel := context.WithTimeout(ctx, keychainWait)
	defer cancel()
	r, err := c.Redis()
	if err != nil {
		return
	}
	for _, account := range []string{r.Account(), r.SentinelAccount()} {
		if err := keychain.Delete(ctx, account); err != nil && !errors.Is(err, keychain.ErrNotFound) {
			o.log.Warn("a password stays in the keychain", "error", err)
		}
	}
}

func toKeychain(ctx context.Context, c config.Connection) error {
	ctx, cancel := context.WithTimeout(ctx, savingWait)
	defer cancel()
	r, err := c.Redis()
	if err != nil {
		return err
	}
	for account, password := range map[string]config.Secret{r.Account(): r.Password, r.SentinelAccount(): r.SentinelPassword} {
		if password == "" {
			continue
		}
		if err := keychain.Set(ctx, account, string(password)); err != nil {
			return fmt.Errorf("keep the password: %w", err)
		}
	}
	return nil
}
