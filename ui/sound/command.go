package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// patience is how long a program may take to play a tone. One that has no
// loudspeaker to play on may wait for ever.
const patience = 3 * time.Second

// commands plays tones by programs of the system.
type commands struct {
	dir string // of the files that they play

	mu    sync.Mutex
	names []string // of those that have not failed yet, the best first
}

// players are the programs that a system may have.
func players(goos string) []string {
	if goos == "darwin" {
		return []string{"afplay"}
	}
	return []string{"pw-play", "paplay", "aplay"}
}

func newCommands(dir string) *commands { return &commands{dir: dir, names: players(runtime.GOOS)} }

// available implements output.
func (c *commands) available() error {
	_, _, err := c.best()
	return err
}

// best returns the first program that is there and has not failed, and where.
func (c *commands) best() (name, path string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range c.names {
		if path, err := exec.LookPath(name); err == nil {
			return name, path, nil
		}
	}
	return "", "", errors.New("find a program that plays sounds: there is none")
}

// play implements output. A program that cannot play, as it finds no server
// for sounds, leaves it to the next one.
func (c *commands) play(ctx context.Context, k Kind) error {
	for {
		name, path, err := c.best()
		if err != nil {
			return err
		}
		file, err := c.file(k)
		if err != nil {
			return err
		}
		if err := run(ctx, path, file); err == nil || ctx.Err() != nil {
			return err
		}
		c.drop(name)
	}
}

func run(ctx context.Context, path, file string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, file)
	cmd.WaitDelay = patience
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("play a tone with %s: %w", path, err)
	}
	return nil
}

// drop leaves a program out from now on.
func (c *commands) drop(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var left []string
	for _, n := range c.names {
		if n != name {
			left = append(left, n)
		}
	}
	c.names = left
}

// file returns the file of a tone, and writes it when it is not there.
func (c *commands) file(k Kind) (string, error) {
	path, wave := filepath.Join(c.dir, names[k]), k.wave()
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, wave) {
		return path, nil
	}
	if err := write(path, wave); err != nil {
		return "", fmt.Errorf("write a tone: %w", err)
	}
	return path, nil
}

// write puts a whole file in place: another window may be playing the old one.
func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "tone-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
