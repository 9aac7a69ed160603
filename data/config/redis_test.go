package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trolley/data"
)

func TestPlaceIsTheSameHoweverItIsWritten(t *testing.T) {
	seen := map[string]bool{}
	for _, same := range [][]Redis{
		{{Mode: Single, URL: "redis://Shop"}, {Mode: Single, URL: "redis://u@shop:6379/0"}, {Mode: Single, URL: "rediss://shop/"}},
		{{Mode: Single, URL: "unix:///run/r.sock"}, {Mode: Single, URL: "unix://u@/run/r.sock?db=0"}},
		{{Mode: Sentinel, Addrs: []string{"a:1", "b:2"}, Master: "m"}, {Mode: Sentinel, Addrs: []string{"b:2", "a:1"}, Master: "m", URL: "redis://u@a:1"}},
		{{Mode: Sentinel, Addrs: []string{"a:1", "b:2"}, Master: "other"}},
		{{Mode: Single, URL: "redis://shop/1"}}, {{Mode: Single, URL: "redis://shop:6380"}},
		{{Mode: Cluster, Addrs: []string{"a:1", "b:2"}}},
	} {
		first := same[0].Place()
		if seen[first] {
			t.Errorf("%s stands for two servers", first)
		}
		seen[first] = true
		for _, r := range same {
			if got := r.Place(); got != first || strings.Contains(got, "u@") {
				t.Errorf("%+v is %q, want %q", r, got, first)
			}
		}
	}
}

func TestServers(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"TROLLEY_REDIS_URL": "redis://localhost"}, "single redis://localhost"},
		{map[string]string{"TROLLEY_REDIS_URL": "redis://u:p%23@[::1]:6379/3"}, "single redis://u@[::1]:6379/3"},
		{map[string]string{"TROLLEY_REDIS_URL": "redis://:p@h"}, "single redis://h"},
		{map[string]string{"TROLLEY_REDIS_URL": "unix:///run/r.sock?db=2"}, "single unix:///run/r.sock?db=2"},
		{
			map[string]string{"TROLLEY_REDIS_MODE": "Sentinel", "TROLLEY_REDIS_ADDRS": "a:1, b:2", "TROLLEY_REDIS_MASTER": "shop"},
			"sentinel a:1,b:2",
		},
		{
			map[string]string{"TROLLEY_REDIS_MODE": "cluster", "TROLLEY_REDIS_ADDRS": "a:1 b:2", "TROLLEY_REDIS_URL": "rediss://u@a:1/0"},
			"cluster rediss://u@a:1/0",
		},
	} {
		if got := load(t, sources(t, c.env)).Redis; got.String() != c.want || !got.Enabled() {
			t.Errorf("%v: got %v, want %s", c.env, got, c.want)
		}
	}
}

func TestUnusableServers(t *testing.T) {
	for _, c := range []struct{ env, what, reason string }{
		{"URL=localhost:6379", "URL", "does not begin with"},
		{"URL=http://x", "URL", "does not begin with"},
		{"URL=redis://", "URL", "names no host"},
		{"URL=redis://x:0", "URL", "port"},
		{"URL=redis://x:70000", "URL", "port"},
		{"URL=redis://x/main", "URL", "database"},
		{"URL=redis://x?dial_timeout=5", "URL", "? or #"},
		{"URL=redis://u:a#b@x", "URL", "no URL"},
		{"URL=redis://%zz", "URL", "no URL"},
		{"URL=unix://x", "URL", "names no socket"},
		{"URL=unix:///s?db=x", "URL", "?db="},
		{"URL=redis://x MODE=several", "MODE", "single, sentinel or cluster"},
		{"MODE=sentinel MASTER=m", "ADDRS", "needs the addresses"},
		{"MODE=sentinel ADDRS=a:1", "MASTER", "needs the master"},
		{"MODE=cluster", "ADDRS", "needs the addresses"},
		{"MODE=cluster ADDRS=a", "ADDRS", "no list like"},
		{"MODE=cluster ADDRS=a:1 MASTER=m", "MASTER", "sentinel only"},
		{"MODE=cluster ADDRS=a:1 URL=redis://a/1", "URL", "no database but 0"},
		{"MODE=cluster ADDRS=a:1 URL=unix:///s", "URL", "socket"},
		{"URL=redis://x ADDRS=a:1", "ADDRS", "sentinel or cluster"},
		{"URL=redis://x MASTER=m", "MASTER", "sentinel only"},
		{"URL=redis://x CA=/ca.pem", "CA", "for TLS"},
		{"PASSWORD=p", "PASSWORD", "no server"},
		{"SERVER_NAME=x", "SERVER_NAME", "needs a server"},
		{"URL=rediss://x SERVER_NAME=x:1", "SERVER_NAME", "no host name"},
		{"URL=rediss://x CERT=/c.pem", "CERT", "belong together"},
		{"URL=rediss://x CA=ca.pem", "CA", "whole path"},
		{"URL=rediss://x CA=/nowhere/ca.pem", "CA", "cannot be read"},
		{"URL=rediss://x CA=/", "CA", "not a file"},
		{"URL=redis://x PASSWORD_FILE=/nowhere/p", "PASSWORD_FILE", "cannot be read"},
		{"URL=redis://:p@x PASSWORD=q", "PASSWORD", "more than once"},
	} {
		env := map[string]string{}
		for _, word := range strings.Fields(c.env) {
			name, value, _ := strings.Cut(word, "=")
			env["TROLLEY_REDIS_"+name] = value
		}
		_, err := Load(sources(t, env))
		got := problems(t, err)
		if !slices.ContainsFunc(got, func(p *data.InvalidError) bool {
			return p.What == "TROLLEY_REDIS_"+c.what && strings.Contains(p.Reason, c.reason)
		}) {
			t.Errorf("%s: got %v, want %s: %s", c.env, err, c.what, c.reason)
		}
	}
}

func TestPasswordSources(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "password"), " p'$a s \r\n")
	for _, c := range []struct {
		env  map[string]string
		want Secret
	}{
		{map[string]string{"TROLLEY_REDIS_URL": "redis://:a%40b@x"}, "a@b"},
		{map[string]string{"TROLLEY_REDIS_URL": "redis://x", "TROLLEY_REDIS_PASSWORD": " p "}, " p "},
		{map[string]string{"TROLLEY_REDIS_URL": "redis://u@x", "TROLLEY_REDIS_PASSWORD_FILE": file}, " p'$a s "},
	} {
		if got := load(t, sources(t, c.env)).Redis.Password; got != c.want {
			t.Errorf("%v: wrong password of %d bytes", slices.Sorted(maps.Keys(c.env)), len(got))
		}
	}
}

func TestUnusablePasswordFiles(t *testing.T) {
	for text, reason := range map[string]string{
		"": "empty", "\n": "empty", "a\nb": "more than one line", strings.Repeat("x", 5000): "longer than",
	} {
		file := write(t, filepath.Join(t.TempDir(), "password"), text)
		_, err := Load(sources(t, map[string]string{"TROLLEY_REDIS_URL": "redis://x", "TROLLEY_REDIS_PASSWORD_FILE": file}))
		if got := problems(t, err); len(got) != 1 || !strings.Contains(got[0].Reason, reason) {
			t.Errorf("%.10q: got %v, want %s", text, err, reason)
		}
	}
}

func TestTLSFiles(t *testing.T) {
	dir := t.TempDir()
	certText, keyText := pair(t)
	cert, key := write(t, filepath.Join(dir, "cert"), certText), write(t, filepath.Join(dir, "key"), keyText)
	_, otherText := pair(t)
	other := write(t, filepath.Join(dir, "other"), otherText)
	env := func(ca, cert, key string) map[string]string {
		return map[string]string{
			"TROLLEY_REDIS_URL": "rediss://x", "TROLLEY_REDIS_SERVER_NAME": "redis.example",
			"TROLLEY_REDIS_CA": ca, "TROLLEY_REDIS_CERT": cert, "TROLLEY_REDIS_KEY": key,
		}
	}
	r := load(t, sources(t, env(cert, cert, key))).Redis
	if r.CA != cert || r.Cert != cert || r.Key != key || r.ServerName != "redis.example" {
		t.Errorf("got %+v", r)
	}
	for want, files := range map[string][3]string{
		"no certificate in PEM":   {key, cert, key},
		"belong together":         {cert, cert, other},
		"no certificate and key ": {cert, key, cert},
	} {
		_, err := Load(sources(t, env(files[0], files[1], files[2])))
		if got := problems(t, err); len(got) != 1 || !strings.Contains(got[0].Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// pair makes a certificate and its key.
func pair(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, b []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
	}
	return block("CERTIFICATE", signed), block("PRIVATE KEY", encoded)
}
