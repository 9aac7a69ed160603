package config

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"trolley/data"
)

// Config is how the program was asked to run. It is safe to print.
type Config struct {
	Redis    Redis
	Shop     string        // 1 to 128 characters of an id
	Counter  string        // this desk's name, as the others see it
	Cart     data.CartID   // cart to open first; empty: not asked for
	Timeout  time.Duration // of carts; 0: never, otherwise 1 s or more
	DataDir  string        // folder for this computer's files; it may not be there yet
	LogDir   string        // folder for what the program writes about itself; likewise
	CacheDir string        // folder for what can be made again at any time; likewise
	Log      slog.Level
	File     string // the .env file that was read; empty: none

	// Keep says where the passwords of the connection are, beside those that
	// Redis holds already.
	Keep Keep
	// Given is who gave what Locked tells of: [Environment], or the path of the
	// .env file; of the connection, where it is given. Empty: nobody.
	Given string
	// SavedErr says what is wrong with the files that SaveConnection and
	// SaveSettings wrote; it joins one [data.InvalidError] for each thing. What
	// is wrong was left out: when that is the connection, Redis is this computer
	// only, and Connection still tells what could be read.
	SavedErr error

	offered Redis            // what to offer for a connection that is not in use; holds no password
	given   map[Field]string // fields that are not for the window to change, and who gave them
}

// Environment is [Config.Given] for what the environment gave.
const Environment = "environment"

// Connection returns how the shop is reached. Its passwords are only there where
// the environment, the .env file or the file of secrets has them.
func (c Config) Connection() Connection {
	conn := connectionOf(c.Redis)
	if !c.Redis.Enabled() {
		conn = connectionOf(c.offered)
	}
	conn.Shared, conn.Shop, conn.Keep = c.Redis.Enabled(), c.Shop, c.Keep
	return conn
}

// Settings returns what the shop is opened with besides its connection.
func (c Config) Settings() Settings { return Settings{Counter: c.Counter, Timeout: c.Timeout} }

// Locked reports whether the environment or the .env file says what stands in a
// field, so that nothing that is saved for it would count.
func (c Config) Locked(f Field) bool { return c.given[f] != "" }

// DefaultTimeout is a cart's timeout where none was asked for.
const DefaultTimeout = 30 * time.Minute

// defaultShop is the shop where none was asked for.
const defaultShop = "main"

// DefaultCart returns the id of this counter's own cart.
func (c Config) DefaultCart() string {
	const prefix = "counter-"
	id := data.IDFrom(c.Counter)
	if id != "" && !strings.ContainsFunc(c.Counter, func(r rune) bool { return r > 127 }) {
		return prefix + id
	}
	// Letters that an id may not hold were dropped; without a mark of its own
	// one such counter would share its cart with another.
	own := string(data.DerivedOp(c.Counter))[:8]
	return prefix + strings.TrimPrefix(id+"-"+own, "-")
}

// String returns the configuration in one line, without secrets.
func (c Config) String() string {
	return fmt.Sprintf("redis=%s shop=%s counter=%q cart=%q timeout=%s data=%q log=%s file=%q saved=%t",
		c.Redis, c.Shop, c.Counter, c.Cart, c.Timeout, c.DataDir, c.Log, c.File, c.SavedErr == nil)
}

// Sources is where a configuration comes from.
type Sources struct {
	Lookup   func(name string) (string, bool) // the environment
	WorkDir  string                           // folders of a .env file, looked at in this
	ExecDir  string                           // order, before the system's for settings; an empty one is passed over
	HomeDir  string
	Hostname string
	OS       string // as runtime.GOOS
}

// System returns the sources of this process. What cannot be found out is
// left empty.
func System() Sources {
	s := Sources{Lookup: os.LookupEnv, OS: runtime.GOOS}
	s.WorkDir, _ = os.Getwd()
	if exe, err := os.Executable(); err == nil {
		s.ExecDir = filepath.Dir(exe)
	}
	s.HomeDir, _ = os.UserHomeDir()
	s.Hostname, _ = os.Hostname()
	return s
}

// counterOf makes a counter's name of the computer's.
func counterOf(host string) string {
	host, _, _ = strings.Cut(host, ".")
	return cmp.Or(data.Clean(host, data.MaxCounterLen), "counter")
}
