//go:build !windows

package sound

func newOutput(dir string) output { return newCommands(dir) }
