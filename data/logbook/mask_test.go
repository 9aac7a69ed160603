package logbook

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// place is something that logs itself, as a configuration does.
type place struct{ user, password string }

func (p place) LogValue() slog.Value {
	return slog.GroupValue(slog.String("user", p.user), slog.Any("inside", slog.GroupValue(slog.String("text", "with "+p.password+" in it"))))
}

// logEverywhere logs a secret in every way in which one could slip in.
func logEverywhere(log *slog.Logger, secret string) {
	address := &url.URL{Scheme: "redis", User: url.UserPassword("till", secret), Host: "shop.example:6379"}
	log.Info("as text: " + secret)
	log.Info("attributes", "plain", secret, "error", fmt.Errorf("dial: %w", errors.New("refused "+secret)))
	log.Info("quoted", "error", fmt.Errorf("the value %q", secret), "twice", fmt.Sprintf("%q", fmt.Sprintf("%q", secret)))
	log.Info("an error told by another " + fmt.Sprintf("%q", fmt.Sprintf("%q", secret)))
	log.Info("formatted", "struct", place{"till", secret}, "all", fmt.Sprintf("%v %+v", []string{secret}, map[string]string{"k": secret}))
	log.With("before", secret).WithGroup("outer").With(slog.Group("inner", "deep", secret)).Info("groups", slog.Group("g", "x", place{"u", secret}))
	log.Info("addresses", "url", address, "text", address.String(), "query", url.Values{"p": {secret}}.Encode())
}

func TestSecretsAreInNoLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[ -)+-~äß€😀]{3}[!-)+-~äß€😀]{2,20}`).Draw(t, "secret")
		var out bytes.Buffer
		b := &Logbook{conf: Config{Secrets: &Masker{}, Also: &out}, lines: &lines{mask: &Masker{}}}
		b.lines.mask = b.conf.Secrets
		b.conf.Secrets.Add(secret)
		logEverywhere(slog.New(b.handler()), secret)
		for _, text := range append(b.lines.events(), out.String()) {
			for _, form := range written(secret) {
				if strings.Contains(text, form) {
					t.Fatalf("%q is in %s", form, text)
				}
			}
		}
	})
}

func TestMask(t *testing.T) {
	m := &Masker{}
	for _, secret := range []string{"", " ", "abc", "hunter2", "hunter22", "*"} {
		m.Add(secret)
	}
	for text, want := range map[string]string{
		"dial redis://till:never-told@10.0.0.5:6379/0 failed":  "dial redis://till:***@10.0.0.5:6379/0 failed",
		`url="rediss://:p@ss/w\"rd@host"`:                      `url="rediss://:***@host"`,
		"see https://shop.example:8080/help and ask":           "see https://shop.example:8080/help and ask",
		"abc in abcd and zabc, not (abc)":                      "*** in abcd and zabc, not (***)",
		"hunter2 hunter22 xhunter2x":                           "*** *** x***x",
		"TROLLEY_REDIS_PASSWORD=never-told user=till":          "TROLLEY_REDIS_PASSWORD=*** user=till",
		`config="{user:till password:a\"b c}"`:                 `config="{user:till password:*** c}"`,
		`password="a \"b\" c" user=till`:                       `password=*** user=till`,
		`json="{\"password\": \"a b\", \"user\": \"till\"}"`:   `json="{\"password\": ***, \"user\": \"till\"}"`,
		"TROLLEY_REDIS_PASSWORD_FILE=/run/secrets/till is new": "TROLLEY_REDIS_PASSWORD_FILE=/run/secrets/till is new",
		"the password is not right":                            "the password is not right",
	} {
		if got := m.Mask(text); got != want {
			t.Errorf("%s\nis  %s\nnot %s", text, got, want)
		}
	}
}

func TestWhatLooksLikeASecretIsMaskedToo(t *testing.T) {
	var m *Masker
	for _, text := range []string{"the password never-told was refused", "Password is: never-told", "AUTH till never-told",
		"auth never-told", `secret "never-told"`, `{Secret:never-told}`} {
		if got := m.MaskAll(text); strings.Contains(got, "never") {
			t.Errorf("%s is %s", text, got)
		}
	}
}
