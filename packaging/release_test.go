//go:build packages

package packaging

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// parts is as much as is looked at of a list of parts in the form of CycloneDX.
type parts struct {
	Components []struct {
		Name, Version string
		Licenses      []any
	}
}

func TestReleaseListsEachPartOfTheProgram(t *testing.T) {
	text, err := os.ReadFile(packagePath(t, "trolley-"+version(t)+"-linux.cdx.json"))
	check(t, err)
	var list parts
	check(t, json.Unmarshal(text, &list))
	listed := map[string]bool{}
	for _, c := range list.Components {
		listed[c.Name+" "+c.Version] = true
		if len(c.Licenses) == 0 && c.Name != "std" {
			t.Errorf("%s has no licence", c.Name)
		}
	}
	info, err := buildinfo.ReadFile(top("build/trolley"))
	check(t, err)
	for _, module := range info.Deps {
		if !listed[module.Path+" "+module.Version] {
			t.Errorf("%s %s is not listed", module.Path, module.Version)
		}
	}
}

// Whoever reads about a version finds what is new in it.
func TestReleaseIsInTheChangelog(t *testing.T) {
	text, err := os.ReadFile(top("CHANGELOG.md"))
	check(t, err)
	first := regexp.MustCompile(`(?m)^## \[(.+?)\]`).FindSubmatch(text)
	if first == nil || string(first[1]) != "Unreleased" && string(first[1]) != version(t) {
		t.Errorf("the first section of the changelog is %q", first)
	}
}

func TestReleaseWorkflowIsValid(t *testing.T) {
	cmd := exec.Command("go", "run", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12", "-no-color",
		filepath.Join(".github", "workflows", "release.yml"))
	cmd.Dir = top(".")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
