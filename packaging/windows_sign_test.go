//go:build packages

package packaging

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// winCertificate makes a certificate that nobody trusts but who is given its
// issuer, and returns both and the password of the first.
func winCertificate(t *testing.T) (pfx, ca, password string) {
	t.Helper()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	password = "open sesame"
	if err := os.WriteFile(in("password"), []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	extensions := "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,codeSigning\n"
	if err := os.WriteFile(in("extensions"), []byte(extensions), 0o600); err != nil {
		t.Fatal(err)
	}
	// A real certificate in the environment, as for a release, must not get in here.
	t.Setenv("TROLLEY_SIGN_PASSWORD_FILE", "")
	t.Setenv("TROLLEY_SIGN_TIMESTAMP", "")
	run(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Throw-away issuer",
		"-keyout", in("ca.key"), "-out", in("ca.pem"))
	run(t, "openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Throw-away maker", "-keyout", in("key"), "-out", in("request"))
	run(t, "openssl", "x509", "-req", "-in", in("request"), "-CA", in("ca.pem"), "-CAkey", in("ca.key"), "-CAcreateserial",
		"-days", "2", "-extfile", in("extensions"), "-out", in("maker.pem"))
	run(t, "openssl", "pkcs12", "-export", "-inkey", in("key"), "-in", in("maker.pem"), "-out", in("maker.pfx"), "-passout", "file:"+in("password"))
	return in("maker.pfx"), in("ca.pem"), password
}

func TestWindowsSignature(t *testing.T) {
	program := winProgram(t)
	plain := winRead(t, program)
	pfx, ca, password := winCertificate(t)
	out, err := winTry([]string{"TROLLEY_SIGN_PFX=" + pfx, "TROLLEY_SIGN_PASSWORD=" + password, "TROLLEY_SIGN_CA=" + ca},
		"./sign-windows.sh", program)
	if err != nil || !strings.Contains(out, "is signed") {
		t.Fatalf("%v: %s", err, out)
	}
	signed := winRead(t, program)
	if bytes.Equal(signed, plain) {
		t.Fatal("it has not changed")
	}
	if out, err := winTry(nil, "osslsigncode", "verify", "-CAfile", ca, "-in", program); err != nil {
		t.Errorf("it does not verify: %v\n%s", err, out)
	}

	changed := bytes.Clone(signed)
	changed[len(plain)/2] ^= 1
	if err := os.WriteFile(program, changed, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := winTry(nil, "osslsigncode", "verify", "-CAfile", ca, "-in", program); err == nil {
		t.Errorf("it verifies although a byte was changed\n%s", out)
	}
}

func TestWindowsSignatureOfAnotherMaker(t *testing.T) {
	program := winProgram(t)
	pfx, _, password := winCertificate(t)
	_, other, _ := winCertificate(t)
	out, err := winTry([]string{"TROLLEY_SIGN_PFX=" + pfx, "TROLLEY_SIGN_PASSWORD=" + password, "TROLLEY_SIGN_CA=" + other},
		"./sign-windows.sh", program)
	if err == nil || !strings.Contains(out, "does not verify") {
		t.Errorf("it is taken for another maker's: %v\n%s", err, out)
	}
}

func TestWindowsSignatureTakesThePasswordFromAFile(t *testing.T) {
	pfx, ca, password := winCertificate(t)
	file := filepath.Join(t.TempDir(), "password")
	for _, c := range []struct {
		password string
		ok       bool
	}{{password + "\n", true}, {"wrong", false}} {
		if err := os.WriteFile(file, []byte(c.password), 0o600); err != nil {
			t.Fatal(err)
		}
		program := winProgram(t)
		before := winRead(t, program)
		out, err := winTry([]string{"TROLLEY_SIGN_PFX=" + pfx, "TROLLEY_SIGN_PASSWORD_FILE=" + file, "TROLLEY_SIGN_CA=" + ca},
			"./sign-windows.sh", program)
		if (err == nil) != c.ok || strings.Contains(out, password) {
			t.Errorf("password %q: %v\n%s", c.password, err, out)
		}
		if !c.ok && !bytes.Equal(before, winRead(t, program)) {
			t.Error("the program was changed although it could not be signed")
		}
	}
}

func TestWindowsIsLeftUnsignedWithoutACertificate(t *testing.T) {
	program := winProgram(t)
	before := winRead(t, program)
	out, err := winTry([]string{"TROLLEY_SIGN_PFX="}, "./sign-windows.sh", program)
	if err != nil || !strings.Contains(out, "is not signed") {
		t.Errorf("%v: %s", err, out)
	}
	if !bytes.Equal(before, winRead(t, program)) {
		t.Error("it was changed")
	}
}
