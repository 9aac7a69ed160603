//go:build packages && darwin

package packaging

import (
	"debug/macho"
	"os"
	"path/filepath"
	"testing"
)

// What is in the zip is the program itself, for both kinds of processor.
func TestDarwinPackage(t *testing.T) {
	dir := t.TempDir()
	run(t, "ditto", "-x", "-k", packagePath(t, "trolley-"+version(t)+"-macos.zip"), dir)
	app := filepath.Join(dir, "Trolley.app")
	run(t, "codesign", "--verify", "--strict", app)
	program := filepath.Join(app, "Contents", "MacOS", "trolley")
	expectVersion(t, program)
	expectSize(t, "trolley-macos", program)
	fat, err := macho.OpenFat(program)
	check(t, err)
	defer fat.Close()
	if len(fat.Arches) != 2 || fat.Arches[0].Cpu == fat.Arches[1].Cpu {
		t.Errorf("the program is for %d kinds of processor", len(fat.Arches))
	}
	licences, err := os.ReadFile(filepath.Join(app, "Contents", "Resources", "licences.txt"))
	check(t, err)
	expectLicences(t, program, string(licences))
	expectPlist(t, filepath.Join(app, "Contents", "Info.plist"))
}
