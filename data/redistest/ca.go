package redistest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// CA signs certificates for a test.
type CA struct {
	File string // its certificate, in PEM form

	t    testing.TB
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// NewCA makes a CA that nobody knows yet.
func NewCA(t testing.TB) *CA {
	t.Helper()
	c := &CA{t: t, dir: t.TempDir(), key: newKey(t)}
	c.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	c.File = c.write("ca.pem", "CERTIFICATE", c.sign(c.cert, c.key))
	return c
}

// Issue signs a certificate for a host name or address, good until the given
// time, and returns the files of it and its key.
func (c *CA) Issue(name string, until time.Time) (cert, key string) {
	c.t.Helper()
	k := newKey(c.t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		c.t.Fatalf("encode a key: %v", err)
	}
	return c.write(name+".pem", "CERTIFICATE", c.sign(template, k)), c.write(name+".key", "EC PRIVATE KEY", der)
}

// StartTLS runs redis-server with a certificate for 127.0.0.1 that ca has
// signed. It lets in only clients that show a certificate of the same CA,
// unless the arguments have "--tls-auth-clients", "no".
func StartTLS(t testing.TB, ca *CA, args ...string) *Server {
	t.Helper()
	cert, key := ca.Issue("127.0.0.1", time.Now().Add(time.Hour))
	return StartTLSWith(t, ca, cert, key, args...)
}

// StartTLSWith is StartTLS with a certificate of the caller's.
func StartTLSWith(t testing.TB, ca *CA, cert, key string, args ...string) *Server {
	t.Helper()
	return Start(t, append([]string{"--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", ca.File}, args...)...)
}

// tlsConfig is how the test itself talks to the server; nil: in plain text. It
// shows the server's own certificate, as one of a client.
func (s *Server) tlsConfig() *tls.Config {
	if !s.secure() {
		return nil
	}
	s.t.Helper()
	cert, err := tls.LoadX509KeyPair(s.arg("--tls-cert-file"), s.arg("--tls-key-file"))
	if err != nil {
		s.t.Fatalf("read the server's certificate: %v", err)
	}
	ca, err := os.ReadFile(s.arg("--tls-ca-cert-file"))
	if err != nil {
		s.t.Fatalf("read the certificate of the CA: %v", err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	return &tls.Config{Certificates: []tls.Certificate{cert}, RootCAs: roots}
}

func (c *CA) sign(template *x509.Certificate, key *ecdsa.PrivateKey) []byte {
	c.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, c.cert, &key.PublicKey, c.key)
	if err != nil {
		c.t.Fatalf("sign a certificate: %v", err)
	}
	return der
}

func (c *CA) write(name, kind string, der []byte) string {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		c.t.Fatalf("write a certificate: %v", err)
	}
	return path
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatalf("make a key: %v", err)
	}
	return key
}
