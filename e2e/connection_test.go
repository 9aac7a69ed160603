//go:build e2e && linux

package e2e

import (
	"cmp"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/keychain/keychaintest"
	"trolley/data/redis"
	"trolley/data/redistest"
	"trolley/data/sample"
	"trolley/e2e/desk"
)

// The user of the counters on the servers of these tests. Nothing else anywhere
// has this password in it, so that every trace of it can be found.
const (
	user   = "counter"
	marker = "purple-giraffe-77"
)

// Who sets the servers of these tests up.
const admin = "the-owner-of-the-shop"

// newName is what a counter is called in the dialog.
const newName = "Window"

// mayCreate are the documented rights of a user that puts products in the shop.
const mayCreate = "~{main}:product:* ~{main}:products"

// newSharedShop starts a server without a shop, for the user of the counters
// with the documented rights.
func newSharedShop(t *testing.T, args ...string) *redistest.Server {
	t.Helper()
	server := redistest.Start(t, append(args, "--requirepass", admin)...)
	grant(t, server, "")
	return server
}

// newSecureShop is newSharedShop with nothing but TLS, as signed by a CA.
func newSecureShop(t *testing.T, ca *redistest.CA) *redistest.Server {
	t.Helper()
	server := redistest.StartTLS(t, ca, "--tls-auth-clients", "no", "--appendonly", "yes", "--requirepass", admin)
	grant(t, server, mayCreate)
	return server
}

// grant makes the user of the counters, with the documented rights and others.
func grant(t *testing.T, server *redistest.Server, more string) {
	t.Helper()
	rules := []any{"ACL", "SETUSER", user, "on", ">" + marker}
	for _, r := range append(documentedRights(t), strings.Fields(more)...) {
		rules = append(rules, r)
	}
	server.Do(t, rules...)
}

// documentedRights reads the least rights of a counter from the documentation.
// A selector, which stands in brackets, is one rule.
func documentedRights(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "redis.md"))
	check(t, err)
	_, text2, found := strings.Cut(string(text), "ACL SETUSER counter on >PASSWORD ")
	rules, _, ended := strings.Cut(text2, "```")
	if !found || !ended {
		t.Fatal("docs/redis.md does not tell the rights of a counter")
	}
	return regexp.MustCompile(`\([^)]*\)|\S+`).FindAllString(rules, -1)
}

// linkTo is what a person has of a server, to be typed or pasted.
func linkTo(scheme, password, addr string) string {
	if password != "" {
		password = ":" + password
	}
	return scheme + "://" + user + password + "@" + addr + "/0"
}

// firstStart starts the program where it never was before, and nothing but how
// much it logs is set.
func firstStart(t *testing.T, d *desk.Desk, env ...string) *desk.Window {
	t.Helper()
	w := launch(t, d, "first-start", checked, append(env, "TROLLEY_LOG=debug")...)
	shows(t, w, "live: 0 lines")
	return w
}

// nextStart quits the program and starts it again.
func nextStart(t *testing.T, d *desk.Desk, w *desk.Window, env ...string) *desk.Window {
	t.Helper()
	check(t, w.Quit())
	return launch(t, d, "next-start", checked, append(env, "TROLLEY_LOG=debug")...)
}

// openConnection opens the connection dialog of a program that has no server
// yet, and chooses to have one. The focus is on that choice then, behind which
// comes the link.
func openConnection(t *testing.T, w *desk.Window) {
	t.Helper()
	check(t, w.Key("ctrl+shift+c"))
	opens(t, w, "Connection")
	check(t, w.Key("Down"))
}

// accountOf is the name under which the password of a link is kept.
func accountOf(t *testing.T, link string) string {
	t.Helper()
	c, err := config.ParseLink(link)
	check(t, err)
	r, err := c.Redis()
	check(t, err)
	return r.Account()
}

// liveOn waits until the window follows the shop of a server.
func liveOn(t *testing.T, w *desk.Window, server *redistest.Server) {
	t.Helper()
	says(t, w, "msg=link phase=live addr="+server.Addr)
}

func TestFirstStartConnectsToASharedShop(t *testing.T) {
	ca := redistest.NewCA(t)
	server := newSecureShop(t, ca)
	keychain := keychaintest.Start(t)
	d := newDesk(t, desk.Options{})
	first := firstStart(t, d, keychain.Env...)
	enter(t, first, "2*espresso")
	enter(t, first, "baguette")
	shows(t, first, "live: 2 lines, 3 items")

	link := linkTo("rediss", "", server.Addr)
	openConnection(t, first)
	typeSecureConnection(t, first, link, ca.File)
	picture(t, first, "connection", "typed")
	expectFine(t, after(t, first, "msg=tested", func() { check(t, first.Key("Return")) }))
	picture(t, first, "connection", "passed")
	check(t, first.Key("Tab", "Return")) // from Test to Connect
	opens(t, first, "Share what is on this computer?")
	picture(t, first, "connection", "share")
	after(t, first, `cart="live: 2 lines, 3 items`, func() { check(t, first.Key("Return")) })
	liveOn(t, first, server)
	at := cartOn(t, server, ca)
	expectShared(t, at, map[data.ProductID]int64{"espresso": 2, "baguette": 1})
	enter(t, first, "espresso")
	at.await(t, "espresso", "3")

	second := nextStart(t, d, first, keychain.Env...)
	liveOn(t, second, server)
	shows(t, second, "live: 2 lines, 4 items")
	enter(t, second, "baguette")
	at.await(t, "baguette", "2")
	if line := at.line(t, "baguette"); line.By != newName {
		t.Errorf("the change was made by %q, not as the counter that was named", line.By)
	}
	if strings.Contains(second.Log(), "msg=dialog") {
		t.Error("the second start asked something")
	}
	check(t, second.Quit())
	if got := keychain.Secret(accountOf(t, link)); got != marker {
		t.Errorf("the keychain has %q", got)
	}
	expectNoTrace(t, d, nil, first, second)
}

// typeSecureConnection types what a person knows of a server into the dialog
// that openConnection has opened, and goes to its button Test.
func typeSecureConnection(t *testing.T, w *desk.Window, link, ca string) {
	t.Helper()
	typeServer(t, w, link, ca)
	leaveAdvanced(t, w)
}

// typeServer types what a person knows of a server, and stays in the field of
// the CA's file, the first under Advanced.
func typeServer(t *testing.T, w *desk.Window, link, ca string) {
	t.Helper()
	check(t, w.Key("Tab"))
	check(t, w.Paste(link))
	check(t, w.Key("Tab", "Tab", "Tab", "Tab"))             // by way of server, port and user
	check(t, w.Fill(marker, "Tab", "Tab", "Tab", "ctrl+a")) // by way of the eye and the tick for TLS
	check(t, w.Fill(newName, "Tab", "Return", "Tab"))       // which opens Advanced
	check(t, w.Paste(ca))
}

// leaveAdvanced goes from the first field under Advanced to the button Test.
func leaveAdvanced(t *testing.T, w *desk.Window) {
	t.Helper()
	check(t, w.Key("shift+Tab", "Return", "Tab", "Tab")) // which closes Advanced, and goes by Cancel
}

// stageNames are all stages, in their order.
var stageNames = []string{"find", "reach", "encrypt", "sign in", "server", "write", "rights", "answer", "keep", "clock"}

// expectFine fails unless a test went through all stages and found nothing
// wrong.
func expectFine(t *testing.T, log string) {
	t.Helper()
	var names []string
	for _, s := range stagesOf(log) {
		names = append(names, s.name)
		if s.failed || s.sentence == "" {
			t.Errorf("stage %s: %q", s.name, s.sentence)
		}
	}
	if !slices.Equal(names, stageNames) {
		t.Errorf("the dialog showed %q", names)
	}
}

// cartAt is the one cart of a shop on a server, as somebody else sees it.
type cartAt struct {
	server *redistest.Server
	store  *redis.Store
	id     data.CartID
}

// cartOn finds the cart that a server has.
func cartOn(t *testing.T, server *redistest.Server, ca *redistest.CA) cartAt {
	t.Helper()
	store, err := redis.Open(redis.Config{URL: "rediss://" + server.Addr, Password: admin, CA: ca.File, Shop: "main"})
	check(t, err)
	t.Cleanup(func() { check(t, store.Close()) })
	ids := server.Do(t, "ZRANGE", "{main}:carts", 0, -1).([]any)
	if len(ids) != 1 {
		t.Fatalf("the server has the carts %v, want one", ids)
	}
	return cartAt{server, store, data.CartID(ids[0].(string))}
}

// await waits until the cart has so many of a product.
func (c cartAt) await(t *testing.T, product, want string) {
	t.Helper()
	check(t, desk.Until(product+" is "+want, func() (bool, error) {
		got, err := c.server.Try("ZSCORE", "{main}:cart:"+string(c.id), product)
		return got == want, err
	}))
}

func (c cartAt) read(t *testing.T) data.Cart {
	t.Helper()
	reading, err := c.store.Read(t.Context(), c.id, data.Token{}, "")
	check(t, err)
	return reading.Cart
}

func (c cartAt) line(t *testing.T, product data.ProductID) data.Line {
	t.Helper()
	line, _ := c.read(t).Line(product)
	return line
}

// expectShared fails unless a server has the sample products and a cart, and
// nothing besides.
func expectShared(t *testing.T, at cartAt, want map[data.ProductID]int64) {
	t.Helper()
	now := at.read(t)
	for id, n := range want {
		if line, _ := now.Line(id); line.Quantity != n {
			t.Errorf("the server has %d of %s, want %d", line.Quantity, id, n)
		}
	}
	if len(now.Lines) != len(want) {
		t.Errorf("the server has %d lines, want %d", len(now.Lines), len(want))
	}
	var products []data.Product
	check(t, at.store.Products(t.Context(), func(page []data.Product) bool {
		products = append(products, page...)
		return true
	}))
	samples := sample.Products()
	byID := func(a, b data.Product) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(products, byID)
	slices.SortFunc(samples, byID)
	if !slices.Equal(products, samples) {
		t.Errorf("the server has the products %v\nwant %v", products, samples)
	}
}

// A failure is one reason why a connection does not work.
type failure struct {
	name string // of its picture
	link string
	want string // a part of the sentence
	at   string // the stage
}

func TestEachFailureHasItsOwnSentence(t *testing.T) {
	plain, secure := newSharedShop(t), newSecureShop(t, redistest.NewCA(t))
	denied := newSharedShop(t)
	denied.Do(t, "ACL", "SETUSER", user, "-zadd")
	replica := newSharedShop(t, "--masterauth", admin, "--replicaof", "127.0.0.1 "+plain.Port())
	check(t, desk.Until("the replica is one", func() (bool, error) { return replica.IsReplica(), nil }))
	shut := redistest.NewProxy(t, plain.Addr)
	shut.Refuse()
	_, shutPort, err := net.SplitHostPort(shut.Addr)
	check(t, err)

	w := firstStart(t, newDesk(t, desk.Options{}))
	openConnection(t, w)
	seen := map[string]string{}
	for _, f := range []failure{
		{"wrong-password", linkTo("redis", "not-the-password", plain.Addr), "does not take this password", "sign in"},
		{"wrong-port", linkTo("redis", marker, shut.Addr), "nothing is listening on port " + shutPort, "reach"},
		{"tls-to-a-plain-port", linkTo("rediss", marker, plain.Addr), "does not encrypt", "encrypt"},
		{"plain-to-a-tls-port", linkTo("redis", marker, secure.Addr), "It may need encryption", "encrypt"},
		{"unknown-ca", linkTo("rediss", marker, secure.Addr), "not trusted on this computer", "encrypt"},
		{"replica", linkTo("redis", marker, replica.Addr), "only allows reading", "write"},
		{"missing-right", linkTo("redis", marker, denied.Addr), "zadd", "rights"},
		{"dead-host", linkTo("redis", marker, redistest.Void(t)), "does not answer", "reach"},
	} {
		found := f.seenIn(t, w)
		if found.name != f.at || !strings.Contains(found.sentence, f.want) {
			t.Errorf("%s shows at %s: %s", f.name, found.name, found.sentence)
		}
		if other := seen[found.sentence]; other != "" {
			t.Errorf("%s and %s have the same sentence: %s", f.name, other, found.sentence)
		}
		seen[found.sentence] = f.name
		picture(t, w, "connection", f.name)
		check(t, w.Key("Tab", "Tab")) // by way of Connect, back to where the shop is
	}
	if strings.Contains(w.Log(), marker) {
		t.Error("the password is in the log")
	}
}

// seenIn tests the link of a failure in the connection dialog, which has the
// focus on where the shop is, and leaves it on the button Test. The last of the
// stages is the one that failed.
func (f failure) seenIn(t *testing.T, w *desk.Window) stage {
	t.Helper()
	check(t, w.Key("Tab", "ctrl+a"))
	check(t, w.Paste(f.link))
	log := after(t, w, "msg=tested", func() {
		check(t, w.Key("shift+Tab", "shift+Tab", "shift+Tab", "Return")) // by way of where the shop is, and Connect
	})
	stages := stagesOf(log)
	if len(stages) == 0 || !stages[len(stages)-1].failed {
		t.Fatalf("%s: the test has shown %v", f.name, stages)
	}
	return stages[len(stages)-1]
}

func TestComputerWithoutAKeychainAsksOrKeepsAFile(t *testing.T) {
	server := newSharedShop(t)
	d := newDesk(t, desk.Options{})
	first := firstStart(t, d)
	enter(t, first, "espresso")
	shows(t, first, "live: 1 lines")
	openConnection(t, first)
	says(t, first, "no keychain")
	check(t, first.Key("Tab"))
	check(t, first.Paste(linkTo("redis", marker, server.Addr)))
	check(t, first.Key("Tab", "Tab", "Tab", "Tab", "Tab", "Tab")) // by way of the password and its eye to where it is kept
	picture(t, first, "connection", "no-keychain")
	check(t, first.Key("Return")) // as it is chosen: to be asked every time
	opens(t, first, "Share what is on this computer?")
	check(t, first.Key("Left", "Return")) // not this time
	liveOn(t, first, server)
	expectNoTrace(t, d, nil, first)

	second := nextStart(t, d, first)
	opens(t, second, "This server needs a password")
	picture(t, second, "connection", "password")
	after(t, second, "msg=tested", func() { check(t, second.Fill("not-the-password", "Return")) })
	check(t, second.Key("ctrl+a"))
	check(t, second.Fill(marker, "Tab", "Tab", "Down")) // by way of the eye; to be kept in a file
	picture(t, second, "connection", "password-file")
	check(t, second.Key("Return"))
	liveOn(t, second, server)

	third := nextStart(t, d, second)
	liveOn(t, third, server)
	if strings.Contains(third.Log(), "msg=dialog") {
		t.Error("the third start asked something")
	}
	check(t, third.Quit())
	const secrets = "secrets.env"
	expectNoTrace(t, d, []string{secrets}, first, second, third)
	info, err := os.Stat(filepath.Join(d.Home(), "data", "trolley", secrets))
	check(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("the file with the password has mode %v", info.Mode())
	}
}
