//go:build packages && !windows

package packaging

import (
	"bytes"
	"debug/macho"
	"encoding/binary"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// newBundle makes the app. The toolkit is built for macOS on macOS only, so what
// is inside is another program of this repository.
func newBundle(t *testing.T) (app string) {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "trolley")
	build := exec.Command("go", "build", "-o", exe, "trolley/packaging/icons")
	build.Env = append(os.Environ(), "GOOS=darwin", "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build for macOS: %v\n%s", err, out)
	}
	run(t, top("packaging/darwin.sh"), exe)
	return top("build/stage/darwin/Trolley.app")
}

func TestDarwinBundle(t *testing.T) {
	app := newBundle(t)
	want := []string{"Contents/Info.plist", "Contents/MacOS/trolley", "Contents/Resources/LICENSE.txt",
		"Contents/Resources/icon.icns", "Contents/Resources/licences.txt"}
	if got := run(t, "sh", "-c", "cd '"+app+"' && find . -type f | sed 's|^./||' | LC_ALL=C sort"); got != strings.Join(want, "\n") {
		t.Errorf("the bundle has\n%s", got)
	}
	program, err := macho.Open(filepath.Join(app, "Contents/MacOS/trolley"))
	check(t, err)
	check(t, program.Close())
	info, err := os.Stat(filepath.Join(app, "Contents/MacOS/trolley"))
	check(t, err)
	if info.Mode().Perm() != 0o755 {
		t.Errorf("the program's mode is %o", info.Mode().Perm())
	}
	t.Run("keys", func(t *testing.T) { expectPlist(t, filepath.Join(app, "Contents/Info.plist")) })
	t.Run("icon", func(t *testing.T) { expectIcns(t, filepath.Join(app, "Contents/Resources/icon.icns")) })
}

func expectPlist(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	check(t, err)
	got := plistKeys(t, text)
	for key, want := range map[string]string{
		"CFBundleName": "Trolley", "CFBundleExecutable": "trolley", "CFBundleIdentifier": id, "CFBundleIconFile": "icon.icns",
		"CFBundleShortVersionString": version(t), "CFBundlePackageType": "APPL", "CFBundleLocalizations": "en de fr es pl",
		"LSApplicationCategoryType": "public.app-category.business", "LSMinimumSystemVersion": "12.0",
		"NSHighResolutionCapable": "true", "CFBundleDevelopmentRegion": "en",
	} {
		if got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
}

// plistKeys reads the keys of a property list; those of a list are joined.
func plistKeys(t *testing.T, text []byte) map[string]string {
	t.Helper()
	keys, key := map[string]string{}, ""
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if token == nil {
			return keys
		}
		check(t, err)
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "key":
			check(t, d.DecodeElement(&key, &start))
		case "true":
			keys[key] = "true"
		case "string":
			var value string
			check(t, d.DecodeElement(&value, &start))
			keys[key] = strings.TrimSpace(keys[key] + " " + value)
		}
	}
}

// expectIcns fails unless an icon file is whole and has a large picture.
func expectIcns(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	check(t, err)
	if len(b) < 8 || string(b[:4]) != "icns" || int(binary.BigEndian.Uint32(b[4:])) != len(b) {
		t.Fatalf("%s is no whole icon of macOS", path)
	}
	var kinds []string
	for at := 8; at+8 <= len(b); {
		kinds = append(kinds, string(b[at:at+4]))
		at += int(binary.BigEndian.Uint32(b[at+4:]))
	}
	if !strings.Contains(strings.Join(kinds, " "), "ic10") { // 1024 pixels
		t.Errorf("the icon has %q, and not 1024 pixels", kinds)
	}
}
