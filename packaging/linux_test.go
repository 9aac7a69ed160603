//go:build packages && linux

package packaging

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// debFiles are all that the .deb puts on a system.
var debFiles = []string{
	"usr/bin/trolley",
	"usr/share/applications/" + id + ".desktop",
	"usr/share/doc/trolley/CHANGELOG.md.gz",
	"usr/share/doc/trolley/changelog.gz",
	"usr/share/doc/trolley/copyright",
	"usr/share/doc/trolley/env.example",
	"usr/share/doc/trolley/licences.txt.gz",
	"usr/share/icons/hicolor/128x128/apps/" + id + ".png",
	"usr/share/icons/hicolor/16x16/apps/" + id + ".png",
	"usr/share/icons/hicolor/22x22/apps/" + id + ".png",
	"usr/share/icons/hicolor/24x24/apps/" + id + ".png",
	"usr/share/icons/hicolor/256x256/apps/" + id + ".png",
	"usr/share/icons/hicolor/32x32/apps/" + id + ".png",
	"usr/share/icons/hicolor/48x48/apps/" + id + ".png",
	"usr/share/icons/hicolor/512x512/apps/" + id + ".png",
	"usr/share/icons/hicolor/64x64/apps/" + id + ".png",
	"usr/share/icons/hicolor/scalable/apps/" + id + ".svg",
	"usr/share/man/man1/trolley.1.gz",
	"usr/share/metainfo/" + id + ".metainfo.xml",
}

func debPath(t *testing.T) string {
	return packagePath(t, fmt.Sprintf("trolley_%s_%s.deb", version(t), runtime.GOARCH))
}

func tarballPath(t *testing.T) string {
	return packagePath(t, fmt.Sprintf("trolley-%s-linux-%s.tar.xz", version(t), runtime.GOARCH))
}

// unpackDeb lays the files of the .deb out in a folder.
func unpackDeb(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	run(t, "dpkg-deb", "--extract", debPath(t), root)
	return root
}

func TestLinuxDebHasTheseFiles(t *testing.T) {
	cmd := exec.Command("dpkg-deb", "--fsys-tarfile", debPath(t))
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	got := expectTidy(t, out)
	check(t, cmd.Wait())
	if !slices.Equal(got, debFiles) {
		t.Errorf("the package has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(debFiles, "\n"))
	}
}

// expectTidy reads a tar: everything in it belongs to root, may be read by
// everybody, and has the date of the commit. It returns the names of the files.
func expectTidy(t *testing.T, from io.Reader) []string {
	t.Helper()
	var files []string
	for r := tar.NewReader(from); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			slices.Sort(files)
			return files
		}
		check(t, err)
		name := strings.TrimPrefix(h.Name, "./")
		want := int64(0o644)
		switch {
		case h.Typeflag == tar.TypeDir || strings.HasSuffix(name, "bin/trolley"):
			want = 0o755
		case h.Typeflag != tar.TypeReg:
			t.Errorf("%s is neither file nor folder", name)
		}
		if h.Mode&0o7777 != want || h.Uid != 0 || h.Gid != 0 || h.ModTime.Unix() != sourceDate(t) {
			t.Errorf("%s: mode %o, owner %d:%d, %s", name, h.Mode, h.Uid, h.Gid, h.ModTime.UTC().Format(time.RFC3339))
		}
		if h.Typeflag == tar.TypeReg {
			files = append(files, name)
		}
	}
}

func TestLinuxDebSaysWhatItIs(t *testing.T) {
	for field, want := range map[string]string{"Package": "trolley", "Version": version(t), "Architecture": runtime.GOARCH, "Section": "misc"} {
		if got := run(t, "dpkg-deb", "--field", debPath(t), field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}

// Debian's own check knows what a package must and must not do.
func TestLinuxDebPassesLintian(t *testing.T) {
	out, err := exec.Command("lintian", "--fail-on", "error", "--allow-root", debPath(t)).CombinedOutput()
	t.Logf("lintian:\n%s", out)
	check(t, err)
}

// What the program links to must come with the package, whoever builds it.
func TestLinuxDebNeedsWhatTheProgramLinksTo(t *testing.T) {
	root := unpackDeb(t)
	check(t, os.MkdirAll(filepath.Join(root, "debian"), 0o755))
	check(t, os.WriteFile(filepath.Join(root, "debian", "control"), []byte("Source: trolley\n\nPackage: trolley\nArchitecture: any\n"), 0o644))
	cmd := exec.Command("dpkg-shlibdeps", "-O", "usr/bin/trolley")
	cmd.Dir = root
	out, err := cmd.Output()
	check(t, err)
	given := dependencies(run(t, "dpkg-deb", "--field", debPath(t), "Depends"))
	for name, least := range dependencies(strings.TrimPrefix(strings.TrimSpace(string(out)), "shlibs:Depends=")) {
		have, there := given[name]
		if !there || exec.Command("dpkg", "--compare-versions", have, "ge", least).Run() != nil {
			t.Errorf("the program needs %s %s, and the package asks for %q", name, least, have)
		}
	}
}

// dependencies reads "libc6 (>= 2.34), libgl1": the least version of each, or
// none.
func dependencies(text string) map[string]string {
	all := map[string]string{}
	for _, d := range strings.Split(text, ", ") {
		name, version, _ := strings.Cut(d, " (>= ")
		all[name] = strings.TrimSuffix(version, ")")
	}
	return all
}

func TestLinuxEntriesAreValid(t *testing.T) {
	root := unpackDeb(t)
	entry := filepath.Join(root, "usr/share/applications", id+".desktop")
	run(t, "desktop-file-validate", entry)
	run(t, "appstreamcli", "validate", "--no-net", filepath.Join(root, "usr/share/metainfo", id+".metainfo.xml"))
	expectText(t, filepath.Join(root, "usr/share/metainfo", id+".metainfo.xml"), `version="`+version(t)+`"`)
	expectText(t, entry, "Exec=trolley\n")
}

func TestLinuxIconsHaveTheirSizes(t *testing.T) {
	icons, err := filepath.Glob(filepath.Join(unpackDeb(t), "usr/share/icons/hicolor/*x*/apps/*.png"))
	check(t, err)
	if len(icons) == 0 {
		t.Fatal("no icons")
	}
	for _, path := range icons {
		size, _, _ := strings.Cut(filepath.Base(filepath.Dir(filepath.Dir(path))), "x")
		f, err := os.Open(path)
		check(t, err)
		img, err := png.Decode(f)
		check(t, errors.Join(err, f.Close()))
		if b := img.Bounds(); strconv.Itoa(b.Dx()) != size || b.Dx() != b.Dy() {
			t.Errorf("%s is %v", path, b)
		}
		if _, _, _, alpha := img.At(0, 0).RGBA(); alpha != 0 {
			t.Errorf("%s: its corner is not transparent", path)
		}
	}
}

func TestLinuxDebHasTheLicences(t *testing.T) {
	root := unpackDeb(t)
	f, err := os.Open(filepath.Join(root, "usr/share/doc/trolley/licences.txt.gz"))
	check(t, err)
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	check(t, err)
	text, err := io.ReadAll(unzipped)
	check(t, err)
	expectLicences(t, filepath.Join(root, "usr/bin/trolley"), string(text))
}

func TestLinuxProgram(t *testing.T) {
	binary := filepath.Join(unpackDeb(t), "usr/bin/trolley")
	expectVersion(t, binary)
	expectSize(t, "trolley-linux-"+runtime.GOARCH, binary)
}

func TestLinuxTarballInstallsWithoutRoot(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	run(t, "tar", "-xJf", tarballPath(t), "-C", dir)
	folder := filepath.Join(dir, strings.TrimSuffix(filepath.Base(tarballPath(t)), ".tar.xz"))
	for _, name := range []string{"LICENSE", "README", "CHANGELOG.md", "licences.txt"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	run(t, "make", "-C", folder, "user-install", "HOME="+home)
	expectVersion(t, filepath.Join(home, ".local/bin/trolley"))
	entry := filepath.Join(home, ".local/share/applications/Trolley.desktop")
	run(t, "desktop-file-validate", entry)
	expectText(t, entry, "Exec="+home+"/.local/bin/trolley\n")
	expectText(t, entry, "Icon=Trolley\n")
	run(t, "make", "-C", folder, "user-uninstall", "HOME="+home)
	expectNoFiles(t, home)
}

func TestLinuxTarballInstallsForAll(t *testing.T) {
	dir, root := t.TempDir(), t.TempDir()
	run(t, "tar", "-xJf", tarballPath(t), "-C", dir)
	folder := filepath.Join(dir, strings.TrimSuffix(filepath.Base(tarballPath(t)), ".tar.xz"))
	run(t, "make", "-C", folder, "install", "DESTDIR="+root, "PREFIX=/opt/trolley")
	expectVersion(t, filepath.Join(root, "opt/trolley/bin/trolley"))
	run(t, "make", "-C", folder, "uninstall", "DESTDIR="+root, "PREFIX=/opt/trolley")
	expectNoFiles(t, root)
}

func TestLinuxTarballIsTidy(t *testing.T) {
	cmd := exec.Command("xz", "-dc", tarballPath(t))
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	if files := expectTidy(t, out); len(files) != 8 {
		t.Errorf("the tarball has %q", files)
	}
	check(t, cmd.Wait())
}

// expectNoFiles fails if there is anything but folders below dir.
func expectNoFiles(t *testing.T, dir string) {
	t.Helper()
	if left := run(t, "find", dir, "-not", "-type", "d"); left != "" {
		t.Errorf("left behind:\n%s", left)
	}
}
