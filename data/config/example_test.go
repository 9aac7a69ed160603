package config

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/joho/godotenv"
)

// read returns a file of the repository's top level.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExampleListsWhatIsRead(t *testing.T) {
	asked := map[string]bool{}
	s := sources(t, nil)
	s.Lookup = func(name string) (string, bool) {
		if ours(name) {
			asked[name] = true
		}
		return "", false
	}
	load(t, s)
	paragraphs := regexp.MustCompile(`(?m)^((?:# .*\n)+)#(TROLLEY_\w+)=.*$`).FindAllStringSubmatch(read(t, ".env.example"), -1)
	var listed []string
	for _, p := range paragraphs {
		listed = append(listed, p[2])
	}
	if !slices.Equal(listed, Names()) {
		t.Errorf(".env.example explains %v, want %v", listed, Names())
	}
	for _, name := range Names() {
		if !asked[name] {
			t.Errorf("%s is listed and not read", name)
		}
		delete(asked, name)
	}
	if len(asked) > 0 {
		t.Errorf("read and not listed: %v", asked)
	}
}

func TestExampleChangesNothing(t *testing.T) {
	vars, err := godotenv.Unmarshal(read(t, ".env.example"))
	if err != nil || len(vars) > 0 {
		t.Errorf("not all commented out: %v %v", vars, err)
	}
}

// The values shown are the defaults where there is one, and usable anyway.
func TestExampleShowsDefaults(t *testing.T) {
	text := regexp.MustCompile(`(?m)^#(TROLLEY_\w+=)`).ReplaceAllString(read(t, ".env.example"), "$1")
	vars, err := godotenv.Unmarshal(text)
	if err != nil {
		t.Fatal(err)
	}
	s := sources(t, nil)
	s.Lookup = func(name string) (string, bool) { v, ok := vars[name]; return v, ok }
	got, want := load(t, s), load(t, sources(t, nil))
	if got.Shop != want.Shop || got.Timeout != want.Timeout || got.Log != want.Log || got.Redis.Mode != want.Redis.Mode {
		t.Errorf("example %v, defaults %v", got, want)
	}
}

func TestPackageAgreesWithProgram(t *testing.T) {
	text := read(t, "FyneApp.toml")
	for _, line := range []string{`ID = "` + AppID + `"`, "fyneDo = true"} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("FyneApp.toml lacks the line %s", line)
		}
	}
	if strings.Contains(AppID, "-") {
		t.Error("some systems take no dash in an ID")
	}
}
