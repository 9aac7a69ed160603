package config

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// layers say what is used of what the environment (a word for each variable),
// the .env file and the saved files give; what is saved is always there.
var layers = []struct {
	name      string
	env, file string
	server    string
	shop      string
	locked    []Field // of a few
}{
	{"saved", "", "", "single redis://saved", "saved", nil},
	{".env", "", "REDIS_URL=redis://file", "single redis://file", "main", []Field{FieldShared, FieldHost, FieldShop}},
	{"environment", "REDIS_URL=redis://env", "REDIS_URL=redis://file", "single redis://env", "main", []Field{FieldShared, FieldHost, FieldShop}},
	{"environment says none", "REDIS_URL=", "", "none", "main", []Field{FieldShared, FieldHost, FieldShop}},
	{".env says none", "", "REDIS_USE=no", "none", "main", []Field{FieldShared, FieldHost, FieldShop}},
	{"not in use", "REDIS_USE=no REDIS_URL=redis://env", "", "none", "main", []Field{FieldShared, FieldHost, FieldShop}},
	{"as a whole", "REDIS_MODE=single", "", "none", "main", []Field{FieldShared, FieldHost, FieldShop}},
	{"shop", "SHOP=env", "", "single redis://saved", "env", []Field{FieldShop}},
	{"shop of .env", "", "SHOP=file", "single redis://saved", "file", []Field{FieldShop}},
	{"empty shop", "SHOP=", "", "single redis://saved", "main", []Field{FieldShop}},
	{"password", "REDIS_PASSWORD=p", "", "single redis://saved", "saved", []Field{FieldPassword}},
	{"unused password", "SENTINEL_PASSWORD=p", "", "single redis://saved", "saved", nil},
	{"counter", "COUNTER=env", "CART_TIMEOUT=2h", "single redis://saved", "saved", []Field{FieldCounter, FieldTimeout}},
}

func TestWhatWinsOverWhat(t *testing.T) {
	for _, c := range layers {
		env := map[string]string{}
		for _, word := range strings.Fields(c.env) {
			name, value, _ := strings.Cut(word, "=")
			env["TROLLEY_"+name] = value
		}
		s, dir := home(t, env)
		who := ""
		if c.file != "" {
			who = write(t, filepath.Join(s.WorkDir, ".env"), "TROLLEY_"+c.file+"\n")
		}
		if c.env != "" {
			who = Environment
		}
		save(t, dir, Connection{Shared: true, Host: "saved", Shop: "saved"})
		if err := SaveSettings(dir, Settings{Counter: "saved", Timeout: time.Hour}); err != nil {
			t.Fatal(err)
		}
		got := load(t, s)
		if got.Redis.String() != c.server || got.Shop != c.shop || got.SavedErr != nil || got.Connection().Shared != (c.server != "none") {
			t.Errorf("%s: got %v, %v", c.name, got, got.SavedErr)
		}
		for _, f := range []Field{FieldShared, FieldHost, FieldShop, FieldPassword, FieldCounter, FieldTimeout} {
			want := slices.Contains(c.locked, f) || f == FieldPassword && slices.Contains(c.locked, FieldShared)
			if got.Locked(f) != want {
				t.Errorf("%s: %s locked: %t", c.name, f, got.Locked(f))
			}
		}
		if got.Given != who {
			t.Errorf("%s: given by %q, want %q", c.name, got.Given, who)
		}
		if c.name == "password" && got.Redis.Password != "p" {
			t.Error("the password is not used")
		}
		want := Settings{Counter: "saved", Timeout: time.Hour}
		if c.name == "counter" {
			want = Settings{Counter: "env", Timeout: 2 * time.Hour}
		}
		if got.Settings() != want {
			t.Errorf("%s: %+v", c.name, got.Settings())
		}
	}
}

func TestNothingSaved(t *testing.T) {
	c := load(t, sources(t, nil))
	if c.SavedErr != nil || c.Keep != KeepAsk || c.Given != "" || c.Locked(FieldShared) {
		t.Errorf("got %v", c)
	}
	if got := c.Connection(); got != (Connection{Mode: Single, Shop: "main", Keep: KeepAsk}) {
		t.Errorf("got %+v", got)
	}
	if got := c.Settings(); got != (Settings{Counter: "till-3", Timeout: DefaultTimeout}) {
		t.Errorf("got %+v", got)
	}
}

// Whatever is wrong with a saved file, the program starts, on this computer,
// and can say what it is.
func TestUnusableSavedConnection(t *testing.T) {
	for text, reason := range map[string]string{
		"nonsense\n": "line 1", "\xff\xfe": "no text", strings.Repeat("A=1\n", 10_000): "larger than",
		"TROLLEY_REDIS_URL=http://x":                                     reasonScheme,
		"TROLLEY_REDIS_URL=redis://x:0":                                  reasonURLPort,
		"TROLLEY_REDIS_URL=redis://u:" + marker + "@x":                   "does not belong",
		"TROLLEY_REDIS_URL=redis://x\nTROLLEY_REDIS_PASSWORD=" + marker:  "does not belong",
		"TROLLEY_REDIS_URL=redis://x\nTROLLEY_COUNTER=x":                 "does not belong",
		"TROLLEY_REDIS_URL=redis://x\nTROLLEY_REDIS_ULR=x":               "does not belong",
		"TROLLEY_REDIS_URL=redis://x\nTROLLEY_SHOP=$NORTH":               "dollar sign",
		"TROLLEY_REDIS_URL=redis://x\nTROLLEY_SHOP={}":                   "not allowed",
		"TROLLEY_REDIS_URL=redis://x\nTROLLEY_REDIS_MODE=sentinel":       "needs the addresses",
		"TROLLEY_REDIS_URL=rediss://x\nTROLLEY_REDIS_CA=/nowhere/ca.pem": reasonNotThere,
		"TROLLEY_REDIS_URL=redis://x\nTROLLEY_REDIS_VERIFY=no":           "for TLS",
		"TROLLEY_REDIS_URL=rediss://x\nTROLLEY_REDIS_VERIFY=maybe":       "not yes or no",
		"TROLLEY_REDIS_URL=rediss://x\nTROLLEY_REDIS_USE=maybe":          "not yes or no",
	} {
		s, dir := home(t, nil)
		write(t, filepath.Join(dir, connectionFile), text)
		c, err := Load(s)
		if err != nil {
			t.Errorf("%.80q: %v", text, err)
			continue
		}
		if c.SavedErr == nil || !strings.Contains(c.SavedErr.Error(), reason) || strings.Contains(c.SavedErr.Error(), marker) {
			t.Errorf("%.80q: got %v, want %s", text, c.SavedErr, reason)
		}
		_ = problems(t, c.SavedErr)
		if c.Redis.Enabled() || c.Connection().Shared || c.Shop != "main" || c.Redis.Password != "" {
			t.Errorf("%.80q: got %v, %+v", text, c, c.Connection())
		}
	}
}

// The dialog shows what is there and what is wrong with it.
func TestUnusableConnectionIsOffered(t *testing.T) {
	s, dir := home(t, nil)
	cert, _ := pems(t)
	saved := Connection{Shared: true, Mode: Single, Host: "x", User: "u", TLS: true, CA: cert, Shop: "north", Keep: KeepKeychain}
	save(t, dir, saved)
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}
	c := load(t, s)
	want := saved
	want.Shared = false
	if c.SavedErr == nil || c.Connection() != want {
		t.Errorf("got %v\n%+v\n%+v", c.SavedErr, c.Connection(), want)
	}
}

// A password in the environment is for whatever the dialog saves, so that it
// keeps nobody from mending a broken connection, or from using none.
func TestPasswordBesideUnusableConnection(t *testing.T) {
	for _, text := range []string{"nonsense\n", "TROLLEY_REDIS_URL=http://x\n", "TROLLEY_REDIS_USE=no\n", ""} {
		s, dir := home(t, map[string]string{envPassword: "p", envSentinelPass: "q"})
		write(t, filepath.Join(dir, connectionFile), text)
		if c := load(t, s); c.Redis.Enabled() || c.Redis.Password != "" && c.Connection().Shared {
			t.Errorf("%q: got %v", text, c)
		}
	}
}

func TestUnusableSavedSettings(t *testing.T) {
	for text, reason := range map[string]string{
		"TROLLEY_COUNTER=a\nTROLLEY_CART_TIMEOUT=soon":  "write it like 30m",
		"TROLLEY_CART_TIMEOUT=2h\nTROLLEY_COUNTER=\x07": "cannot be shown",
		"TROLLEY_SHOP=x": "does not belong", "nonsense": "line 1",
	} {
		s, dir := home(t, nil)
		save(t, dir, Connection{Shared: true, Host: "x", Shop: "north"})
		write(t, filepath.Join(dir, settingsFile), text)
		c := load(t, s)
		if c.SavedErr == nil || !strings.Contains(c.SavedErr.Error(), reason) {
			t.Errorf("%q: got %v, want %s", text, c.SavedErr, reason)
		}
		if !c.Connection().Shared || c.Shop != "north" {
			t.Errorf("%q: the connection went with it: %v", text, c)
		}
		if (Settings{Counter: c.Counter, Timeout: c.Timeout}).Check() != nil {
			t.Errorf("%q: got %v", text, c)
		}
	}
}

// What the environment gives must be right whatever is saved.
func TestUnusableEnvironmentBesideUnusableFile(t *testing.T) {
	s, dir := home(t, map[string]string{envTimeout: "soon"})
	write(t, filepath.Join(dir, connectionFile), "nonsense\n")
	write(t, filepath.Join(dir, settingsFile), "TROLLEY_COUNTER=\x07\n")
	_, err := Load(s)
	if got := problems(t, err); len(got) != 1 || got[0].What != envTimeout {
		t.Errorf("got %v", err)
	}
}

func TestKeepOfTheEnvironment(t *testing.T) {
	s, dir := home(t, map[string]string{envPasswordIn: "Keychain"})
	save(t, dir, Connection{Shared: true, Host: "x", Keep: KeepFile, Password: marker})
	if c := load(t, s); c.Keep != KeepKeychain || c.Redis.Password != "" || c.Locked(FieldShared) {
		t.Errorf("got %v, %s", c, c.Keep)
	}
	_, err := Load(sources(t, map[string]string{envPasswordIn: "pocket", envVerify: "perhaps", envUse: "maybe"}))
	var names []string
	for _, p := range problems(t, err) {
		names = append(names, p.What)
	}
	slices.Sort(names)
	if want := []string{envPasswordIn, envUse, envVerify}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

func TestUnverified(t *testing.T) {
	c := load(t, sources(t, map[string]string{envURL: "rediss://x", envVerify: "No"}))
	if !c.Redis.Unverified || !c.Connection().Unverified || !strings.Contains(c.String(), "not verified") {
		t.Errorf("got %v", c)
	}
	_, err := Load(sources(t, map[string]string{envURL: "redis://x", envVerify: "no"}))
	if got := problems(t, err); len(got) != 1 || got[0].What != envVerify {
		t.Errorf("got %v", err)
	}
}

// No text in any of the saved files keeps the program from starting, and
// nothing that cannot be used gets through.
func TestStartsWhateverIsSaved(t *testing.T) {
	s, dir := home(t, nil)
	values := rapid.OneOf(awkward(40), rapid.SampledFrom([]string{
		"", "no", "yes", "redis://x", "rediss://u@x:1/2", "unix:///s", "redis://x:0", "sentinel", "cluster", "a:1,b:2",
		"/nowhere", "m", "main", "30m", "1", "file", "keychain", "default@single x:6379/0", "\x07",
	}))
	text := func(file string) *rapid.Generator[string] {
		line := rapid.Custom(func(t *rapid.T) string {
			name := rapid.SampledFrom(append(namesIn(file), envLog, "OTHER")).Draw(t, "name")
			return name + "=" + values.Draw(t, "value")
		})
		return rapid.Map(rapid.SliceOfN(line, 0, 6), func(lines []string) string { return strings.Join(lines, "\n") })
	}
	rapid.Check(t, func(rt *rapid.T) {
		for _, file := range []string{connectionFile, settingsFile, secretsFile} {
			write(t, filepath.Join(dir, file), text(file).Draw(rt, file))
		}
		c, err := Load(s)
		if err != nil {
			rt.Fatal(err)
		}
		if _, err := c.Connection().Redis(); err != nil && c.Connection().Shared {
			rt.Fatalf("a connection is used: %v", err)
		}
		if problems := c.Settings().Check(); len(problems) > 0 {
			rt.Fatalf("settings are used: %v", problems)
		}
	})
}

// What is no file, such as a pipe that nobody writes to, does not hold up the
// start.
func TestSavedFileIsNoFile(t *testing.T) {
	for _, name := range []string{connectionFile, settingsFile} {
		s, dir := home(t, nil)
		save(t, dir, Connection{Shop: "saved"})
		path := filepath.Join(dir, name)
		_ = os.Remove(path)
		if out, err := exec.Command("mkfifo", path).CombinedOutput(); err != nil {
			t.Skipf("this system has no pipes of that kind: %v %s", err, out)
		}
		if c := load(t, s); c.SavedErr == nil || !strings.Contains(c.SavedErr.Error(), reasonNoFile) {
			t.Errorf("%s: got %v", name, c.SavedErr)
		}
	}
}
