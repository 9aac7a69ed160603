package redis_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trolley/data"
	"trolley/data/redis"
	"trolley/data/redistest"
)

func TestConfigThatCannotBeUsedIsNamedWithoutSecrets(t *testing.T) {
	junk := filepath.Join(t.TempDir(), "junk.pem")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	const at = "user:hunter2@"
	cases := map[string]struct {
		config redis.Config
		what   string
	}{
		"empty":            {redis.Config{}, "TROLLEY_REDIS_URL"},
		"broken host":      {redis.Config{URL: "redis://" + at + "[bad:7290/0"}, "TROLLEY_REDIS_URL"},
		"broken escape":    {redis.Config{URL: "redis://user:hunter2%zz@host/0"}, "TROLLEY_REDIS_URL"},
		"no scheme":        {redis.Config{URL: at + "host:6379"}, "TROLLEY_REDIS_URL"},
		"other scheme":     {redis.Config{URL: "http://" + at + "host"}, "TROLLEY_REDIS_URL"},
		"bad database":     {redis.Config{URL: "redis://" + at + "host/hunter"}, "TROLLEY_REDIS_URL"},
		"options":          {redis.Config{URL: "rediss://" + at + "host?skip_verify=true"}, "TROLLEY_REDIS_URL"},
		"mode":             {redis.Config{URL: "redis://host", Mode: "ring"}, "TROLLEY_REDIS_MODE"},
		"addresses":        {redis.Config{URL: "redis://host", Addrs: []string{"a:1"}}, "TROLLEY_REDIS_ADDRS"},
		"address":          {redis.Config{Mode: "cluster", Addrs: []string{at + "host"}}, "TROLLEY_REDIS_ADDRS"},
		"master":           {redis.Config{URL: "redis://host", Mode: "sentinel"}, "TROLLEY_REDIS_MASTER"},
		"cluster database": {redis.Config{URL: "redis://host/3", Mode: "cluster"}, "TROLLEY_REDIS_URL"},
		"cluster socket":   {redis.Config{URL: "unix:///redis.sock", Mode: "cluster"}, "TROLLEY_REDIS_URL"},
		"CA without TLS":   {redis.Config{URL: "redis://host", CA: junk}, "TROLLEY_REDIS_CA"},
		"name without TLS": {redis.Config{URL: "redis://host", ServerName: "a"}, "TROLLEY_REDIS_SERVER_NAME"},
		"anybody, no TLS":  {redis.Config{URL: "redis://host", Unverified: true}, "TROLLEY_REDIS_VERIFY"},
		"CA missing":       {redis.Config{URL: "rediss://host", CA: junk + "x"}, "TROLLEY_REDIS_CA"},
		"CA junk":          {redis.Config{URL: "rediss://host", CA: junk}, "TROLLEY_REDIS_CA"},
		"certificate":      {redis.Config{URL: "rediss://host", Cert: junk, Key: junk}, "TROLLEY_REDIS_CERT"},
		"key alone":        {redis.Config{URL: "rediss://host", Key: junk}, "TROLLEY_REDIS_CERT"},
		"shop":             {redis.Config{URL: "redis://host", Shop: "{a}"}, "shop name"},
		"timeout":          {redis.Config{URL: "redis://host", Timeout: time.Microsecond}, "TROLLEY_CART_TIMEOUT"},
		"limits":           {redis.Config{URL: "redis://host", Limits: data.Limits{Lines: -1}}, "limits"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.config.Shop == "" {
				c.config.Shop = "main"
			}
			_, err := redis.Open(c.config)
			if e := wantAs[*data.InvalidError](t, err); e.What != c.what {
				t.Errorf("it names %s: %v", e.What, err)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the password shows: %v", err)
			}
		})
	}
}

func TestPasswordOfTheURLAndOfItsOwn(t *testing.T) {
	server := redistest.Start(t, "--requirepass", "hunter2")
	with := strings.Replace(server.URL(), "//", "//:hunter2@", 1)
	wrong := strings.Replace(server.URL(), "//", "//:hunter3@", 1)
	for _, c := range []redis.Config{{URL: with}, {URL: server.URL(), Password: "hunter2"}, {URL: wrong, Password: "hunter2"}} {
		if err := open(t, c).Keep(t.Context(), cart); err != nil {
			t.Error(err)
		}
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ca, foreign := redistest.NewCA(t), redistest.NewCA(t)
	server, plain := redistest.StartTLS(t, ca), redistest.Start(t)
	staleCert, staleKey := ca.Issue("127.0.0.1", time.Now().Add(-time.Hour))
	stale := redistest.StartTLSWith(t, ca, staleCert, staleKey)
	cert, key := ca.Issue("till", time.Now().Add(time.Hour))
	oldCert, oldKey := ca.Issue("old", time.Now().Add(-time.Hour))
	secure := "rediss://" + server.Addr
	cases := map[string]struct {
		config redis.Config
		want   data.Fault
	}{
		"mutual":         {redis.Config{URL: secure, CA: ca.File, Cert: cert, Key: key}, data.FaultNone},
		"wrong CA":       {redis.Config{URL: secure, CA: foreign.File, Cert: cert, Key: key}, data.FaultUntrusted},
		"system's CAs":   {redis.Config{URL: secure, Cert: cert, Key: key}, data.FaultUntrusted},
		"wrong name":     {redis.Config{URL: secure, CA: ca.File, Cert: cert, Key: key, ServerName: "shop"}, data.FaultWrongName},
		"expired":        {redis.Config{URL: "rediss://" + stale.Addr, CA: ca.File, Cert: cert, Key: key}, data.FaultCertExpired},
		"own expired":    {redis.Config{URL: secure, CA: ca.File, Cert: oldCert, Key: oldKey}, data.FaultTLS},
		"no certificate": {redis.Config{URL: secure, CA: ca.File}, data.FaultNeedsCert},
		"anybody":        {redis.Config{URL: "rediss://" + stale.Addr, Cert: cert, Key: key, Unverified: true}, data.FaultNone},
		"plain to TLS":   {redis.Config{URL: "redis://" + server.Addr}, data.FaultMaybeTLS},
		"TLS to plain":   {redis.Config{URL: "rediss://" + plain.Addr, CA: ca.File}, data.FaultNotTLS},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := open(t, c.config)
			wantFault(t, s.Keep(t.Context(), cart), c.want)
		})
	}
}

// A server that is gone behind a router that accepts connections all the same
// is no plain one.
func TestSilenceIsNotTakenForAPlainServer(t *testing.T) {
	t.Parallel()
	s := open(t, redis.Config{URL: "rediss://" + silent(t)})
	for range 2 {
		wantFault(t, s.Keep(t.Context(), cart), data.FaultTimeout)
	}
}
