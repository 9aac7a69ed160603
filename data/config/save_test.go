package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/joho/godotenv"
	"pgregory.net/rapid"
)

// home returns sources of which nothing says anything, and their folder for
// this computer's files.
func home(t *testing.T, env map[string]string) (s Sources, dataDir string) {
	t.Helper()
	s = sources(t, env)
	return s, filepath.Join(s.HomeDir, ".local", "share", "trolley")
}

func save(t *testing.T, dataDir string, c Connection) {
	t.Helper()
	if err := SaveConnection(dataDir, c); err != nil {
		t.Fatal(err)
	}
}

func TestValuesAreReadAsTheyWereSaved(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.OneOf(awkward(200), rapid.StringOf(rapid.RuneFrom([]rune(`'"\$ #{}A=n`)))).Draw(rt, "value")
		text, err := encode(connectionHead, []string{envMaster, envUse}, map[string]string{envMaster: value, envUse: "yes"})
		if err != nil {
			rt.Fatal(err)
		}
		read, err := godotenv.Unmarshal(text)
		if err != nil || read[envMaster] != value || read[envUse] != "yes" {
			rt.Fatalf("%v: %q in\n%s", err, read[envMaster], text)
		}
		if lost := lostDollars([]byte(text), read); len(lost) > 0 {
			rt.Fatalf("as a .env file it is refused for %v:\n%s", lost, text)
		}
	})
}

func TestConnectionIsThereAtTheNextStart(t *testing.T) {
	cert, key := pems(t)
	s, dir := home(t, nil)
	rapid.Check(t, func(rt *rapid.T) {
		c := good(cert, key).Draw(rt, "connection")
		if err := SaveConnection(dir, c); err != nil {
			rt.Fatal(err)
		}
		conf, err := Load(s)
		if err = errors.Join(err, conf.SavedErr); err != nil {
			rt.Fatal(err)
		}
		if c.Keep != KeepFile {
			c.Password, c.SentinelPassword = "", ""
		}
		got := conf.Connection()
		if got.Shop == defaultShop {
			got.Shop = c.Shop
		}
		if got != c || got.Password != c.Password {
			rt.Fatalf("got  %+v\nwant %+v", got, c)
		}
	})
}

func TestSavedFiles(t *testing.T) {
	_, dir := home(t, nil)
	save(t, dir, Connection{Shared: true, Host: "10.0.0.5", Port: "6380", User: "shop", TLS: true, ServerName: "redis.shop", Shop: "north",
		Password: marker, Keep: KeepFile})
	if err := SaveSettings(dir, Settings{Counter: "Bob's #1 till", Timeout: 90 * time.Minute}); err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string][]string{
		connectionFile: {
			"TROLLEY_REDIS_USE=yes", "TROLLEY_REDIS_URL=rediss://shop@10.0.0.5:6380",
			"TROLLEY_REDIS_SERVER_NAME=redis.shop", "TROLLEY_SHOP=north", "TROLLEY_REDIS_PASSWORD_IN=file",
		},
		settingsFile: {`TROLLEY_COUNTER="Bob's #1 till"`, "TROLLEY_CART_TIMEOUT=1h30m"},
		secretsFile:  {"TROLLEY_SECRETS_FOR='shop@single 10.0.0.5:6380/0'", "TROLLEY_REDIS_PASSWORD=" + marker},
	} {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(text)), "\n"), func(s string) bool { return strings.HasPrefix(s, "#") })
		if !slices.Equal(got, lines) || !strings.HasPrefix(string(text), "# ") {
			t.Errorf("%s is\n%s", name, text)
		}
		if strings.Contains(string(text), marker) != (name == secretsFile) {
			t.Errorf("%s: the password is in the wrong file:\n%s", name, text)
		}
		wantMode(t, path, 0o600)
	}
	wantMode(t, dir, 0o700)
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want && runtime.GOOS != "windows" {
		t.Errorf("%s has the mode %o, want %o", filepath.Base(path), got, want)
	}
}

func TestThisComputerOnlyIsRemembered(t *testing.T) {
	s, dir := home(t, nil)
	server := Connection{Shared: true, Mode: Single, Host: "x", Port: "1", User: "u", TLS: true, Shop: "north", Keep: KeepAsk}
	alone := server
	alone.Shared = false
	save(t, dir, alone)
	c := load(t, s)
	if c.SavedErr != nil || c.Redis.Enabled() || c.Shop != "north" || c.Connection() != alone {
		t.Errorf("got %v, %+v", c, c.Connection())
	}
	save(t, dir, server)
	if c := load(t, s); c.Connection() != server || !c.Redis.Enabled() {
		t.Errorf("got %v, %+v", c, c.Connection())
	}
	half := Connection{Host: "x:y", Port: "z", Shop: "south"}
	save(t, dir, half)
	if c := load(t, s); c.SavedErr != nil || c.Connection() != (Connection{Mode: Single, Shop: "south", Keep: KeepAsk}) {
		t.Errorf("got %v, %+v", c, c.Connection())
	}
}

func TestPasswordIsKeptNowhereElse(t *testing.T) {
	s, dir := home(t, nil)
	secrets := filepath.Join(dir, secretsFile)
	c := Connection{Shared: true, Mode: Single, Host: "x", Password: marker, Keep: KeepFile, Shop: defaultShop}
	for _, change := range []func(*Connection){
		func(c *Connection) { c.Keep = KeepAsk },
		func(c *Connection) { c.Keep = KeepKeychain },
		func(c *Connection) { c.Password = "" },
	} {
		save(t, dir, c)
		if got := load(t, s).Connection(); got.Password != marker {
			t.Error("the password is not kept")
		}
		other := c
		change(&other)
		save(t, dir, other)
		if _, err := os.Stat(secrets); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the password is still kept with %q", other.Keep)
		}
		if got := load(t, s); got.Keep != other.Keep || got.Redis.Password != "" {
			t.Errorf("got %q", got.Keep)
		}
	}
}

// Somebody brings the connection of another shop along: the password of the
// first one is not for that server.
func TestPasswordIsForItsOwnServer(t *testing.T) {
	s, dir := home(t, nil)
	save(t, dir, Connection{Shared: true, Host: "x", User: "u", Password: marker, Keep: KeepFile})
	for text, want := range map[string]Secret{
		"TROLLEY_REDIS_URL=rediss://u@X:6379/0": marker,
		"TROLLEY_REDIS_URL=redis://u@y":         "",
		"TROLLEY_REDIS_URL=redis://v@x":         "",
	} {
		write(t, filepath.Join(dir, connectionFile), text+"\nTROLLEY_REDIS_PASSWORD_IN=file\n")
		if c := load(t, s); c.SavedErr != nil || c.Redis.Password != want {
			t.Errorf("%s: %v, password %t", text, c.SavedErr, c.Redis.Password != "")
		}
	}
}

func TestFileOfPasswordsThatOthersMayRead(t *testing.T) {
	s, dir := home(t, nil)
	c := Connection{Shared: true, Host: "x", Password: marker, Keep: KeepFile}
	save(t, dir, c)
	if err := os.Chmod(filepath.Join(dir, secretsFile), 0o640); err != nil {
		t.Fatal(err)
	}
	got := load(t, s)
	if runtime.GOOS != "windows" {
		if got.SavedErr == nil || !strings.Contains(got.SavedErr.Error(), "may read the passwords") || got.Redis.Enabled() {
			t.Errorf("got %v, %v", got, got.SavedErr)
		}
		if conn := got.Connection(); conn.Host != "x" || conn.Shared || conn.Password != "" {
			t.Errorf("got %+v", conn)
		}
	}
	save(t, dir, c)
	if got := load(t, s); got.SavedErr != nil || got.Redis.Password != marker {
		t.Errorf("saved anew: %v, %v", got, got.SavedErr)
	}
	s.OS = "windows"
	if err := os.Chmod(filepath.Join(dir, secretsFile), 0o644); err != nil {
		t.Fatal(err)
	}
	s.Lookup = func(name string) (string, bool) { return dir, name == envDataDir }
	if got := load(t, s); got.SavedErr != nil {
		t.Errorf("a system without such modes: %v", got.SavedErr)
	}
}

func TestNothingUnusableIsSaved(t *testing.T) {
	_, dir := home(t, nil)
	for _, c := range []Connection{{Shared: true}, {Shop: "{"}, {Shared: true, Host: "x", Password: marker + "\n"}} {
		err := SaveConnection(dir, c)
		if err == nil || strings.Contains(err.Error(), marker) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if err := SaveSettings(dir, Settings{}); err == nil {
		t.Error("settings without a name are saved")
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder was made")
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	dir := write(t, filepath.Join(t.TempDir(), "file"), "")
	c := Connection{Shared: true, Host: "x", Password: marker, Keep: KeepFile}
	if err := SaveConnection(dir, c); err == nil || strings.Contains(err.Error(), marker) {
		t.Errorf("got %v", err)
	}
	if err := SaveSettings(dir, Settings{Counter: "x"}); err == nil {
		t.Error("saved in a file that is no folder")
	}
}

// Whoever starts while another one saves finds a whole file.
func TestSavingIsAllOrNothing(t *testing.T) {
	s, dir := home(t, nil)
	conns := []Connection{
		{Shared: true, Host: "x", Shop: strings.Repeat("a", 100)},
		{Shared: true, Mode: Sentinel, Addrs: strings.Repeat("host:1,", 100), Master: "m", Shop: "b"},
	}
	save(t, dir, conns[0])
	var writers sync.WaitGroup
	for _, c := range conns {
		writers.Go(func() {
			for range 50 {
				if err := SaveConnection(dir, c); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		if c := load(t, s); c.SavedErr != nil || !c.Redis.Enabled() || (c.Shop == "b") != (c.Redis.Mode == Sentinel) {
			t.Fatalf("got %v, %v", c, c.SavedErr)
		}
	}
}

func TestTimesAsPeopleWriteThem(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 30 * time.Minute: "30m", 2 * time.Hour: "2h", 90 * time.Second: "1m30s", 10 * time.Second: "10s", 61 * time.Minute: "1h1m",
	} {
		if got := duration(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}
