package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEnvironmentWinsOverFile(t *testing.T) {
	s := sources(t, map[string]string{"TROLLEY_SHOP": "env", "TROLLEY_REDIS_URL": ""})
	path := write(t, filepath.Join(s.WorkDir, ".env"),
		"TROLLEY_SHOP=file\nexport TROLLEY_CART='basket' # mine\nTROLLEY_REDIS_URL=redis://x:1\nOTHER=1\n")
	c := load(t, s)
	if c.Shop != "env" || c.Cart != "basket" || c.Redis.Enabled() || c.File != path {
		t.Errorf("got %v", c)
	}
	if v, ok := os.LookupEnv("TROLLEY_CART"); ok {
		t.Errorf("the environment was changed: TROLLEY_CART=%q", v)
	}
}

func TestFirstFileWins(t *testing.T) {
	s := sources(t, nil)
	files := []string{
		write(t, filepath.Join(s.WorkDir, ".env"), "TROLLEY_SHOP=s0"),
		write(t, filepath.Join(s.ExecDir, ".env"), "TROLLEY_SHOP=s1"),
		write(t, filepath.Join(s.HomeDir, ".config", "trolley", ".env"), "TROLLEY_SHOP=s2"),
	}
	for i, file := range files {
		c := load(t, s)
		if c.File != file || c.Shop != fmt.Sprintf("s%d", i) {
			t.Errorf("read %q, shop %q; want %q", c.File, c.Shop, file)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFolderNamedLikeTheFileIsPassedOver(t *testing.T) {
	s := sources(t, nil)
	if err := os.MkdirAll(filepath.Join(s.WorkDir, ".env"), 0o700); err != nil {
		t.Fatal(err)
	}
	want := write(t, filepath.Join(s.ExecDir, ".env"), "TROLLEY_SHOP=exec\n")
	if got := load(t, s).File; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestFileFromOtherSystems(t *testing.T) {
	for name, text := range map[string]string{
		"Windows": "\ufeffTROLLEY_SHOP=north\r\nTROLLEY_LOG=warn\r\n",
		"no end":  "TROLLEY_SHOP=north",
		"quoted":  "TROLLEY_SHOP=\"north\"\n\n# end",
		"dollar":  "AREA=north\nTROLLEY_SHOP=$AREA\n",
	} {
		s := sources(t, nil)
		write(t, filepath.Join(s.WorkDir, ".env"), text)
		if got := load(t, s).Shop; got != "north" {
			t.Errorf("%s: shop %q", name, got)
		}
	}
}

func TestNonsenseFileIsNamedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ text, reason string }{
		"words":        {"# first\n\nthis is nonsense\nTROLLEY_SHOP=a\n", "line 3 "},
		"no value":     {"TROLLEY_SHOP=a\nTROLLEY_LOG", "line 2 "},
		"open quote":   {"A=1\nTROLLEY_COUNTER=\"never\nends\n", "line 2 "},
		"after quotes": {"TROLLEY_COUNTER=\"two\nlines\"\nB=1\n{\n", "line 4 "},
		"binary":       {"TROLLEY_SHOP=a\x00b", "no text"},
		"not UTF-8":    {"TROLLEY_SHOP=\xff\xfe", "no text"},
		"huge":         {strings.Repeat("A=1\n", 10_000), "larger than"},
	} {
		s := sources(t, nil)
		path := write(t, filepath.Join(s.WorkDir, ".env"), c.text)
		config, err := Load(s)
		got := problems(t, err)
		if len(got) != 1 || got[0].Value != path || !strings.Contains(got[0].Reason, c.reason) {
			t.Errorf("%s: got %v, want %q", name, err, c.reason)
		}
		if config.File != path {
			t.Errorf("%s: file %q", name, config.File)
		}
	}
}

func TestMisspeltNames(t *testing.T) {
	for name, want := range map[string]string{
		"TROLLEY_REDIS_ULR": "TROLLEY_REDIS_URL",
		"TROLLEY_SHOPS":     "TROLLEY_SHOP",
		"trolley_counter":   "TROLLEY_COUNTER",
		"TROLLEY_TIMEOUT":   "TROLLEY_CART_TIMEOUT",
		"TROLLEYLOG":        "TROLLEY_LOG",
	} {
		s := sources(t, nil)
		write(t, filepath.Join(s.WorkDir, ".env"), name+"=1\n")
		_, err := Load(s)
		got := problems(t, err)
		if len(got) != 1 || got[0].What != name || !strings.Contains(got[0].Reason, "did you mean "+want+"?") {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}

func TestDollarSignIsNotLost(t *testing.T) {
	for value, lost := range map[string]bool{
		`pa$WORD`:     true,
		`"pa$1word"`:  true,
		`pa$(WORD)`:   true,
		`pa${X}`:      true,
		`'pa$WORD'`:   false,
		`"pa\$WORD"`:  false,
		`pa$word`:     false,
		`pa$(word)`:   false,
		`pass$`:       false,
		`$GIVEN-word`: false,
	} {
		s := sources(t, nil)
		write(t, filepath.Join(s.WorkDir, ".env"), "GIVEN=x\nTROLLEY_REDIS_URL=redis://x\nTROLLEY_REDIS_PASSWORD="+value+"\n")
		_, err := Load(s)
		got := problems(t, err)
		if lost != (len(got) == 1 && strings.Contains(got[0].Reason, "single quotes")) {
			t.Errorf("%s: %v", value, err)
		}
	}
}

func FuzzFile(f *testing.F) {
	for _, seed := range []string{"", "TROLLEY_SHOP=a\n", "A=\"$B\"\nC='", "=\n:\n", "export \n", "TROLLEY_SHOP=$(\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := sources(t, nil)
		path := write(t, filepath.Join(s.WorkDir, ".env"), text)
		c, err := Load(s)
		if c.File != path {
			t.Errorf("file %q, want %q", c.File, path)
		}
		_ = problems(t, err)
	})
}
