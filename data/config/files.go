package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"trolley/data"
)

// maxNamed is the largest file that is read because somebody named it, in
// bytes: all the issuers that a system trusts fit in.
const maxNamed = 1 << 20

// readNamed returns the text of a file that somebody named, or the reason why
// it cannot be used.
func readNamed(path string) (text, reason string) {
	if !filepath.IsAbs(path) {
		return "", reasonPath
	}
	if !utf8.ValidString(path) || strings.ContainsFunc(path, unicode.IsControl) {
		return "", reasonShown
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return "", reasonNoFile
	case err == nil && info.Size() > maxNamed:
		return "", reasonLarge
	}
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", reasonNotThere
	case errors.Is(err, fs.ErrPermission):
		return "", reasonNotAllowed
	case err != nil:
		return "", "the file cannot be read: " + cause(err)
	}
	return string(b), ""
}

// wrongCA returns why a file does not tell which issuers to trust; "" if it
// does, and where there is none.
func wrongCA(path string) string {
	if path == "" {
		return ""
	}
	text, reason := readNamed(path)
	if reason == "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(text)) {
		reason = reasonNoPEM
	}
	return reason
}

// wrongPair returns what is wrong with the files of a certificate and its key;
// nothing where there are none.
func wrongPair(certPath, keyPath string) (ofCert, ofKey string) {
	if certPath == "" && keyPath == "" {
		return "", ""
	}
	cert, ofCert := readNamed(certPath)
	key, ofKey := readNamed(keyPath)
	if ofCert != "" || ofKey != "" {
		return ofCert, ofKey
	}
	if _, err := tls.X509KeyPair([]byte(cert), []byte(key)); err != nil {
		return reasonPair, ""
	}
	return "", ""
}

// wrongServerName returns why no certificate can have such a name, "" if one can.
func wrongServerName(name string) string {
	if data.Clean(name, maxHost) != name || strings.ContainsAny(name, " /:") {
		return reasonHost
	}
	return ""
}
