package config

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// linked is what a link keeps of a connection.
func linked(c Connection) Connection {
	c.Password, c.SentinelPassword, c.CA, c.Cert, c.Key, c.Unverified, c.Keep = "", "", "", "", "", false, ""
	return c
}

func TestLinkFillsInAnotherCounter(t *testing.T) {
	cert, key := pems(t)
	rapid.Check(t, func(rt *rapid.T) {
		c := good(cert, key).Draw(rt, "connection")
		c.Password, c.SentinelPassword = marker, marker
		link := c.Link()
		if strings.Contains(link, marker) || strings.Contains(link, ".pem") || strings.ContainsAny(link, " \n") {
			rt.Fatalf("the link is %s", link)
		}
		for _, text := range []string{link, " \n" + link + "\t", `"` + link + `"`, "redis-cli -u '" + link + "'"} {
			got, err := ParseLink(text)
			if err != nil || got != linked(c) {
				rt.Fatalf("%s: %v\ngot  %+v\nwant %+v", text, err, got, linked(c))
			}
		}
	})
}

func TestLinks(t *testing.T) {
	for link, c := range map[string]Connection{
		"":                                       {Host: "x", Shop: "north"},
		"rediss://shop@10.0.0.5:6380/0":          {Shared: true, Host: "10.0.0.5", Port: "6380", Database: "0", User: "shop", TLS: true, Shop: "main"},
		"redis://x?shop=north":                   {Shared: true, Host: "x", Shop: "north", ServerName: "y"},
		"rediss://x?server_name=redis.shop":      {Shared: true, Host: "x", TLS: true, ServerName: "redis.shop", Unverified: true},
		"redis://a:1?addrs=a:1,b:2&mode=cluster": {Shared: true, Mode: Cluster, Addrs: " a:1  b:2 "},
		"unix:///run/r.sock?db=2&shop=north":     {Shared: true, Socket: "/run/r.sock", Database: "2", Shop: "north"},
	} {
		if got := c.Link(); got != link {
			t.Errorf("got %s, want %s", got, link)
		}
	}
}

func TestLinksOfOthers(t *testing.T) {
	for text, want := range map[string]Connection{
		"redis://localhost":                         {Host: "localhost"},
		"REDIS://x:6379/3":                          {Host: "x", Port: "6379", Database: "3"},
		"redis://:p%40s%2Fs@x":                      {Host: "x", Password: "p@s/s"},
		"redis://u:pa#s/s?w@rd@x:1/2":               {Host: "x", Port: "1", Database: "2", User: "u", Password: "pa#s/s?w@rd"},
		"redis://u:100%@x":                          {Host: "x", User: "u", Password: "100%"},
		"redis://u:a+b@x":                           {Host: "x", User: "u", Password: "a+b"},
		"redis://x?db=4&protocol=3&client_name=a@b": {Host: "x", Database: "4"},
		"rediss://x/1?ssl_cert_reqs=none#top":       {Host: "x", Database: "1", TLS: true},
		"redis-cli --tls -u redis://default:p@x:2":  {Host: "x", Port: "2", User: "default", Password: "p", TLS: true},
		"redis-cli -u \"redis://x\"":                {Host: "x"},
		"“redis://x”":                               {Host: "x"},
		"unix://u:p@/run/r.sock?db=1":               {Socket: "/run/r.sock", Database: "1", User: "u", Password: "p"},
		"redis://a:1?mode=sentinel&master=m":        {Mode: Sentinel, Addrs: "a:1", Master: "m"},
		"redis://a:1?mode=sentinel&addrs=a:1,b:2":   {Mode: Sentinel, Addrs: "a:1,b:2"},
		"rediss://[fe80::1%25eth0]:6379":            {Host: "fe80::1%eth0", Port: "6379", TLS: true},
	} {
		want.Shared = true
		if want.Mode == "" {
			want.Mode = Single
		}
		if got, err := ParseLink(text); err != nil || got != want || got.Password != want.Password {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", text, err, got, want)
		}
	}
}

func TestNoLinks(t *testing.T) {
	for text, reason := range map[string]string{
		"": reasonScheme, "localhost:6379": reasonScheme, "https://x": reasonScheme, marker: reasonScheme,
		"user:" + marker + "@x":                   reasonScheme,
		"redis://":                                reasonNoHost,
		"redis://u:" + marker + "@":               reasonNoHost,
		"redis://x:0":                             reasonURLPort,
		"redis://x/" + marker:                     reasonURLDB,
		"redis://u:" + marker + "@x y":            reasonNoURL,
		"unix://" + marker:                        reasonURLSocket,
		"redis://x?mode=" + marker:                reasonMode,
		"redis://" + strings.Repeat("x", maxLink): reasonLong,
	} {
		c, err := ParseLink(text)
		if err == nil || err.Error() != reason || c != (Connection{}) {
			t.Errorf("%.80s: %v %v, want %s", text, c, err, reason)
		}
	}
}

// Whatever is pasted, the reason repeats none of it.
func FuzzParseLink(f *testing.F) {
	for _, seed := range []string{"redis://u:%zz@x", "redis-cli -u", "unix://@/", "redis://[::1", "redis://@?@#@", "rediss://u:p@h:1/2?mode=cluster&addrs=a"} {
		f.Add(seed)
	}
	known := map[string]bool{}
	for _, reason := range Reasons() {
		known[reason] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseLink(text)
		if err != nil && !known[err.Error()] {
			t.Errorf("%q: %v", text, err)
		}
		if err == nil && len(c.Check()) == 0 {
			c.Mode, c.Database = "", "" // however it was written
			if again, err := ParseLink(c.Link()); err != nil || again.Link() != c.Link() {
				t.Errorf("%q: %s, then %s: %v", text, c.Link(), again.Link(), err)
			}
		}
	})
}

func TestServersOfThisComputerOnly(t *testing.T) {
	for c, want := range map[Connection]bool{
		{}:                                                  true,
		{Shared: true, Socket: "/r"}:                        true,
		{Shared: true, Host: "localhost"}:                   true,
		{Shared: true, Host: "127.0.0.1"}:                   true,
		{Shared: true, Host: "::1"}:                         true,
		{Shared: true, Host: "10.0.0.5"}:                    false,
		{Shared: true, Host: "shop"}:                        false,
		{Shared: true, Mode: Sentinel, Addrs: "10.0.0.5:1"}: false,
	} {
		if got := c.OnlyHere(); got != want {
			t.Errorf("%v: %t", c, got)
		}
	}
}
