//go:build packages

package packaging

import (
	"archive/zip"
	"bytes"
	"debug/buildinfo"
	"debug/pe"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// winPackage returns the zip that was made last.
func winPackage(t *testing.T) string {
	t.Helper()
	return packagePath(t, "trolley-"+version(t)+"-windows-amd64.zip")
}

// winToml returns a value of FyneApp.toml.
func winToml(t *testing.T, key string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + key + ` = "?([^"\n]*)`).FindSubmatch(winRead(t, "../FyneApp.toml"))
	if m == nil {
		t.Fatalf("FyneApp.toml has no %s", key)
	}
	return string(m[1])
}

func winRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// winTry runs a command with more in its environment.
func winTry(env []string, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Env = append(c.Environ(), env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// winProgram unpacks Trolley.exe and returns its path.
func winProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Trolley.exe")
	if err := os.WriteFile(path, winUnpack(t)["Trolley/Trolley.exe"], 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// winUnpack returns the files of the zip.
func winUnpack(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, f := range winOpen(t).File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		files[f.Name] = content
	}
	return files
}

func winOpen(t *testing.T) *zip.ReadCloser {
	t.Helper()
	r, err := zip.OpenReader(winPackage(t))
	if err != nil {
		t.Fatalf("%v; run make package-windows", err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func TestWindowsZip(t *testing.T) {
	stamp := sourceDate(t)
	made := time.Unix(stamp-stamp%2, 0).UTC() // a zip counts in steps of 2 s
	var names []string
	for _, f := range winOpen(t).File {
		names = append(names, f.Name)
		if !f.Modified.Equal(made) {
			t.Errorf("%s is of %s, not of the commit's time %s", f.Name, f.Modified, made)
		}
		if len(f.Extra) > 0 {
			t.Errorf("%s tells of the machine it was made on: %q", f.Name, f.Extra)
		}
	}
	want := []string{"Trolley/LICENSE.txt", "Trolley/README.txt", "Trolley/Trolley.exe", "Trolley/licences.txt"}
	if !slices.Equal(names, want) {
		t.Errorf("it holds %q, not %q", names, want)
	}
}

func TestWindowsTexts(t *testing.T) {
	files := winUnpack(t)
	crlf := func(path string) string { return strings.ReplaceAll(string(winRead(t, path)), "\n", "\r\n") }
	if string(files["Trolley/LICENSE.txt"]) != crlf("../LICENSE") {
		t.Error("LICENSE.txt is not LICENSE")
	}
	compiler, same := strings.CutPrefix(string(files["Trolley/licences.txt"]), crlf("../ui/licences.txt"))
	if !same || !strings.HasPrefix(compiler, "==== mingw-w64\t") || len(compiler) < 1000 {
		t.Error("licences.txt is not that of the window with those of the compiler")
	}
	readme := string(files["Trolley/README.txt"])
	for _, want := range []string{"Trolley " + version(t) + " for Windows", `%LocalAppData%\Trolley`, "opengl32.dll", "doctor"} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.txt does not say %q", want)
		}
	}
	for line := range strings.Lines(readme) {
		if !strings.HasSuffix(line, "\r\n") || len(line) > 80 || strings.Contains(line, "@") {
			t.Errorf("README.txt has the line %q", line)
		}
	}
}

func TestWindowsSize(t *testing.T) { expectSize(t, "trolley-windows-amd64", winProgram(t)) }

// winPE opens the program as Windows does.
func winPE(t *testing.T) *pe.File {
	t.Helper()
	f, err := pe.Open(winProgram(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestWindowsProgramOpensNoConsole(t *testing.T) {
	f := winPE(t)
	header, ok := f.OptionalHeader.(*pe.OptionalHeader64)
	if !ok || f.Machine != pe.IMAGE_FILE_MACHINE_AMD64 {
		t.Fatalf("it is for the machine %#x", f.Machine)
	}
	if header.Subsystem != pe.IMAGE_SUBSYSTEM_WINDOWS_GUI {
		t.Errorf("its subsystem is %d", header.Subsystem)
	}
	const guarded = pe.IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE | pe.IMAGE_DLLCHARACTERISTICS_NX_COMPAT
	if header.DllCharacteristics&guarded != guarded {
		t.Errorf("it has not the guards of Windows against attacks: %#x", header.DllCharacteristics)
	}
}

// winSystem are the libraries that every Windows 10 has.
var winSystem = []string{
	"advapi32.dll", "gdi32.dll", "kernel32.dll", "msvcrt.dll", "ole32.dll", "oleaut32.dll", "opengl32.dll", "shell32.dll",
	"uiautomationcore.dll", "user32.dll",
}

// TestWindowsProgramNeedsNothingElse wants nothing of the compiler's own, such
// as libgcc, which no computer has.
func TestWindowsProgramNeedsNothingElse(t *testing.T) {
	symbols, err := winPE(t).ImportedSymbols()
	if err != nil {
		t.Fatal(err)
	}
	needed := map[string]bool{}
	for _, s := range symbols {
		_, library, _ := strings.Cut(s, ":")
		needed[strings.ToLower(library)] = true
	}
	if len(needed) == 0 {
		t.Fatal("it seems to need no library at all")
	}
	for library := range needed {
		if !slices.Contains(winSystem, library) {
			t.Errorf("it needs %s", library)
		}
	}
}

func TestWindowsLicencesAreComplete(t *testing.T) {
	expectLicences(t, winProgram(t), strings.ReplaceAll(string(winUnpack(t)["Trolley/licences.txt"]), "\r\n", "\n"))
	info, err := buildinfo.ReadFile(winProgram(t))
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if tags := settings["-tags"]; !strings.Contains(tags, "migrated_fynedo") || !strings.Contains(tags, "accessibility") {
		t.Errorf("it was built with the tags %q", tags)
	}
}

func TestWindowsProgramSaysItsVersion(t *testing.T) {
	program := winUnpack(t)["Trolley/Trolley.exe"]
	commit := run(t, "git", "describe", "--always", "--dirty", "--exclude", "*")
	for _, want := range []string{version(t), commit, run(t, "git", "log", "-1", "--format=%cI")} {
		if !bytes.Contains(program, []byte(want)) {
			t.Errorf("%s is not in it", want)
		}
	}
}

// TestWindowsProgramKnowsNoMachine wants nothing in it of where it was built.
func TestWindowsProgramKnowsNoMachine(t *testing.T) {
	program := winUnpack(t)["Trolley/Trolley.exe"]
	top, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	places := strings.Fields(run(t, "go", "env", "GOMODCACHE", "GOROOT", "GOCACHE"))
	for _, place := range append(places, top) {
		if bytes.Contains(program, []byte(place)) {
			t.Errorf("%s is in it", place)
		}
	}
}

// Types of resources.
const (
	winIcon     = "3"
	winIcons    = "14"
	winVersion  = "16"
	winManifest = "24"
)

// winResource returns a resource of the program; raw as it is stored, else as a
// file of its kind.
func winResource(t *testing.T, kind string, raw bool) []byte {
	t.Helper()
	args := []string{"--extract", "--type=" + kind, winProgram(t)}
	if raw {
		args = append([]string{"--raw"}, args...)
	}
	out, err := exec.Command("wrestool", args...).Output()
	if err != nil || len(out) == 0 {
		t.Fatalf("there is no resource of type %s: %v", kind, err)
	}
	return out
}

func TestWindowsVersionResource(t *testing.T) {
	resource := winResource(t, winVersion, true)
	number := version(t) + "." + winToml(t, "Build")
	for key, value := range map[string]string{"ProductName": "Trolley", "FileDescription": "Trolley", "ProductVersion": number} {
		got, ok := winValue(resource, key)
		if !ok || got != value {
			t.Errorf("%s is %q (%t), not %q", key, got, ok, value)
		}
	}
}

// winValue returns a text of a version resource: it follows its key, which the
// number 1 is before as the kind of a text, a NUL, and what fills up to a
// multiple of 4.
func winValue(resource []byte, key string) (string, bool) {
	var wide []uint16
	for i := 0; i+1 < len(resource); i += 2 {
		wide = append(wide, binary.LittleEndian.Uint16(resource[i:]))
	}
	parts := strings.Split(string(utf16.Decode(wide)), "\x00")
	at := slices.IndexFunc(parts, func(part string) bool { return strings.HasSuffix(part, "\x01"+key) })
	if at < 0 {
		return "", false
	}
	for _, value := range parts[at+1:] {
		if value != "" {
			return value, true
		}
	}
	return "", false
}

func TestWindowsManifest(t *testing.T) {
	manifest := winResource(t, winManifest, true)
	if err := xml.Unmarshal(manifest, new(struct{})); err != nil {
		t.Fatalf("%v in\n%s", err, manifest)
	}
	for _, want := range []string{
		"PerMonitorV2", ">true/pm<", "longPathAware", ">UTF-8<", "asInvoker", "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}",
		`version="` + version(t) + "." + winToml(t, "Build") + `"`,
	} {
		if !strings.Contains(string(manifest), want) {
			t.Errorf("the manifest does not say %s", want)
		}
	}
}

func TestWindowsIcon(t *testing.T) {
	icons := winResource(t, winIcons, false)
	at := bytes.Index(icons, []byte("\x89PNG"))
	if at < 0 {
		t.Fatalf("the icon is none, in %d bytes", len(icons))
	}
	got, err := png.Decode(bytes.NewReader(icons[at:]))
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(winRead(t, "windows/icon.png")))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() || got.Bounds().Dx() != 256 {
		t.Fatalf("the icon is %v", got.Bounds())
	}
	for y := range 256 {
		for x := range 256 {
			if !winSame(got.At(x, y), want.At(x, y)) {
				t.Fatalf("the icon differs from windows/icon.png at %d, %d", x, y)
			}
		}
	}
}

// winSame compares colours, but for the rounding where they are half transparent.
func winSame(a, b color.Color) bool {
	near := func(x, y uint32) bool { return max(x, y)-min(x, y) < 0x400 }
	r1, g1, b1, a1 := a.RGBA()
	r2, g2, b2, a2 := b.RGBA()
	return near(r1, r2) && near(g1, g2) && near(b1, b2) && near(a1, a2)
}

// TestWindowsBuildsAlike builds the package once more, and wants the same bytes.
func TestWindowsBuildsAlike(t *testing.T) {
	if os.Getenv("TROLLEY_SIGN_PFX") != "" {
		t.Skip("a signature has the time in it")
	}
	git := func(args ...string) string { return run(t, "git", args...) }
	if os.Getenv("TAGS") == "" {
		t.Fatal("TAGS is not set; run make package-windows")
	}
	folder := t.TempDir()
	out, err := winTry([]string{
		"OUT=" + folder, "VERSION=" + version(t), "COMMIT=" + git("describe", "--always", "--dirty", "--exclude", "*"),
		"DATE=" + git("log", "-1", "--format=%cI"), "SOURCE_DATE_EPOCH=" + git("log", "-1", "--format=%ct"),
	}, "./windows.sh")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !bytes.Equal(winRead(t, filepath.Join(folder, filepath.Base(winPackage(t)))), winRead(t, winPackage(t))) {
		t.Error("the second package of the same commit is another one")
	}
}
