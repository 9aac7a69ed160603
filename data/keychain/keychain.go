// Package keychain keeps passwords in the operating system's own store: the
// Keychain of macOS, the Credential Manager of Windows, the Secret Service of
// other desktops.
//
// Such a store may be missing, locked, or wait until a person unlocks it. Every
// function may therefore take long, is not for the UI goroutine, and wants a
// context with a deadline. When the deadline passes, what was asked may still
// happen later; it keeps nothing else from ending.
package keychain

import (
	"context"
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// service is what secrets are listed under, for people who look into the store.
const service = "Trolley"

// MaxLen is the longest secret that every system takes, in bytes. The smallest
// store is that of Windows.
const MaxLen = 2560

var (
	// ErrNotFound means that the store has no secret for the account.
	ErrNotFound = errors.New("the keychain has no such secret")
	// ErrUnavailable means that there is no store, that it stayed locked, or
	// that it did not answer in time.
	ErrUnavailable = errors.New("the keychain of this computer cannot be used")
	// ErrTooLong means that a secret is longer than MaxLen.
	ErrTooLong = fmt.Errorf("the secret is longer than the %d bytes that a keychain takes", MaxLen)
)

// Set keeps a secret for an account, in place of an earlier one. The errors are
// ErrUnavailable and ErrTooLong.
func Set(ctx context.Context, account, secret string) error {
	if len(secret) > MaxLen {
		return ErrTooLong
	}
	_, err := call(ctx, func() (string, error) { return "", keyring.Set(service, account, secret) })
	return err
}

// Get returns the secret of an account. The errors are ErrNotFound and
// ErrUnavailable.
func Get(ctx context.Context, account string) (string, error) {
	return call(ctx, func() (string, error) { return keyring.Get(service, account) })
}

// Delete forgets the secret of an account. The errors are ErrNotFound and
// ErrUnavailable.
func Delete(ctx context.Context, account string) error {
	_, err := call(ctx, func() (string, error) { return "", keyring.Delete(service, account) })
	return err
}

// Available returns ErrUnavailable when no secret can be kept here. A store
// that is locked asks the person to unlock it.
func Available(ctx context.Context) error {
	_, err := Get(ctx, "none")
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// turn lets one call at a time at the store: of those that hang, there is never
// more than one.
var turn = make(chan struct{}, 1)

type answer struct {
	secret string
	err    error
}

// call asks the store, and stops waiting for it when the context ends.
func call(ctx context.Context, ask func() (string, error)) (string, error) {
	if !reachable() {
		return "", unavailable(errors.New("there is no session bus"))
	}
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return "", unavailable(ctx.Err())
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { <-turn }()
		answers <- guarded(ask)
	}()
	select {
	case a := <-answers:
		return a.secret, a.err
	case <-ctx.Done():
		return "", unavailable(ctx.Err())
	}
}

// guarded asks the store. The library panics when the bus goes away while it
// waits for a person, which must not take the program with it.
func guarded(ask func() (string, error)) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = answer{err: unavailable(fmt.Errorf("%v", p))}
		}
	}()
	secret, err := ask()
	switch {
	case err == nil:
		return answer{secret: secret}
	case errors.Is(err, keyring.ErrNotFound):
		return answer{err: ErrNotFound}
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return answer{err: ErrTooLong}
	}
	return answer{err: unavailable(err)}
}

func unavailable(cause error) error { return fmt.Errorf("%w: %w", ErrUnavailable, cause) }
