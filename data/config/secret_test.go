package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
)

const marker = "hunter2MARKER"

func TestSecretIsNeverPrinted(t *testing.T) {
	c := Config{Redis: Redis{URL: "redis://x", Password: marker, SentinelPassword: marker}, Keep: KeepFile}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
		fmt.Fprintf(&out, verb+" "+verb+" "+verb+"\n", c, c.Redis, c.Redis.Password)
		fmt.Fprintf(&out, verb, c.Connection())
	}
	logger := slog.New(slog.NewJSONHandler(&out, nil))
	logger.Info("config", "config", c, "redis", c.Redis, "password", c.Redis.Password, "connection", c.Connection())
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), marker) || strings.Contains(out.String(), fmt.Sprintf("%x", marker)) {
		t.Errorf("the password is in:\n%s", out.String())
	}
	if got := fmt.Sprint(Secret(""), Secret("x")); got != "***" {
		t.Errorf("got %q", got)
	}
}

// A password in any place where somebody may put one by mistake.
func TestErrorsHoldNoPassword(t *testing.T) {
	url := "redis://user:" + marker + "@host"
	secretFile := write(t, filepath.Join(t.TempDir(), "password"), marker+"\n"+marker)
	for _, env := range []map[string]string{
		{envURL: url + ":port"},
		{envURL: url + "/name"},
		{envURL: url + "?x=" + marker},
		{envURL: "http" + url},
		{envURL: "redis://user:" + marker + "#@host"},
		{envURL: "redis://user:" + marker + "%@host"},
		{envURL: "unix://user:" + marker + "@host"},
		{envURL: marker},
		{envURL: url, envPassword: marker},
		{envPassword: marker},
		{envURL: "redis://x", envPasswordFile: secretFile},
		{envURL: "rediss://x", envCA: secretFile, envCert: secretFile, envKey: secretFile},
		{envMode: "cluster", envAddrs: url},
		{envMode: "cluster", envAddrs: "a:1", envURL: url + "/5"},
		{envAddrs: url + ":6379"},
		{envMode: url},
		{envMaster: url},
		{envSentinelPass: marker},
		{envSentinelUser: url},
		{envMode: "sentinel", envAddrs: "a:1", envMaster: "m", envSentinelUser: url},
		{envCA: url},
		{envServerName: url},
		{envUse: url},
		{envURL: "rediss://x", envVerify: url},
		{envPasswordIn: marker},
		{envShop: url},
		{envCounter: url + "\x00"},
		{envCart: url},
		{envTimeout: url},
		{envDataDir: url},
		{envLog: url},
	} {
		c, err := Load(sources(t, env))
		if err == nil {
			t.Errorf("%v is accepted", env)
			continue
		}
		if text := err.Error() + c.String(); strings.Contains(text, marker) {
			t.Errorf("the password is in %q", text)
		}
	}
}

func TestErrorsOfFileHoldNoPassword(t *testing.T) {
	for _, text := range []string{
		"TROLLEY_REDIS_PASSWORD \"" + marker + "\"\n",
		"TROLLEY_REDIS_PASSWORD='" + marker + "\n",
		"TROLLEY-REDIS-PASSWORD=" + marker + "\n",
		"TROLLEY_REDIS_PASWORD=" + marker + "\n",
		"TROLLEY_REDIS_PASSWORD=$A" + marker + "\n",
		"TROLLEY_REDIS_PASSWORD=" + marker + "\nnonsense\n",
		marker + "\n",
		marker,
	} {
		s := sources(t, nil)
		write(t, filepath.Join(s.WorkDir, ".env"), text)
		_, err := Load(s)
		if err == nil || strings.Contains(err.Error(), marker) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
