package ui

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/redis"
	"trolley/data/redistest"
)

func redisShop(t *testing.T, url string) *redis.Store {
	t.Helper()
	s, err := redis.Open(redis.Config{URL: url, Shop: "main"})
	if err != nil {
		t.Fatalf("open the shop: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the shop: %v", err)
		}
	})
	return s
}

// sharedDesk is a desk on a server, with a way to work on this computer.
func sharedDesk(t *testing.T, url string) *desk {
	t.Helper()
	here := localShop(t, 0, goods[:2]...)
	d := openDesk(t, redisShop(t, url), Options{Connector: &shopsConnector{open: func(config.Connection) (Place, error) {
		p := placeOf(here, "Counter 1")
		p.Local, p.Name = true, "here"
		return p, nil
	}}})
	d.hide(slices.Collect(maps.Keys(concernTexts))) // the servers of tests keep nothing, and need not
	return d
}

// stockedServer is a server with the goods, behind a line that can be cut.
func stockedServer(t *testing.T) (*redistest.Server, *redistest.Proxy) {
	t.Helper()
	server := redistest.Start(t)
	stock(t, redisShop(t, server.URL()), goods...)
	return server, redistest.NewProxy(t, server.Addr)
}

func TestNothingListensAtStart(t *testing.T) {
	server, _ := stockedServer(t)
	server.Stop()
	d := sharedDesk(t, server.URL())
	d.dialog("The shop cannot be reached")
	if body := d.alerts.current.spec.Body; !strings.Contains(body, "nothing is listening on port "+server.Port()) {
		t.Errorf("it says %q", body)
	}
	if f, ok := d.win.Canvas().Focused().(*alertPush); !ok || f.Text != textTryAgain.say() {
		t.Errorf("the focus is on %T", d.win.Canvas().Focused())
	}
	d.key(fyne.KeyReturn)
	d.noDialog()
	d.dialog("The shop cannot be reached") // that it was tried again is answered
	server.Restart()
	stock(t, redisShop(t, server.URL()), goods...)
	d.until("it is live", func() bool { return d.model.state.Link.Phase == data.Live })
	d.searchFor("espresso")
	d.shows("1 espresso")
	if d.banner.Visible() {
		t.Error("the banner stays")
	}
}

func TestStartDialogClosesWhenTheServerComes(t *testing.T) {
	server, _ := stockedServer(t)
	server.Stop()
	d := sharedDesk(t, server.URL())
	d.dialog("The shop cannot be reached")
	server.Restart()
	d.until("the dialog is gone", func() bool { return !d.alerts.open() })
}

func TestWorkOnThisComputer(t *testing.T) {
	server, _ := stockedServer(t)
	server.Stop()
	d := sharedDesk(t, server.URL())
	d.dialog("The shop cannot be reached")
	d.key(fyne.KeyLeft)
	if f, ok := d.win.Canvas().Focused().(*alertPush); !ok || f.Text != textWorkHere.say() {
		t.Fatalf("Left goes to %T", d.win.Canvas().Focused())
	}
	d.key(fyne.KeyReturn)
	d.until("it works here", func() bool { return d.status.words.full == "On this computer" && len(d.products.keys) == 2 })
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.noDialog()
	if d.banner.Visible() {
		t.Errorf("the banner says %q", d.banner.spec.Title)
	}
}

func TestStartDialogCanQuit(t *testing.T) {
	server, _ := stockedServer(t)
	server.Stop()
	d := sharedDesk(t, server.URL())
	d.dialog("The shop cannot be reached")
	if got := d.productsEmpty.spec.title; got != textLoading.say() {
		t.Errorf("where the products will be stands %q", got)
	}
	d.key(fyne.KeyEscape)
	if d.left {
		t.Fatal("Escape ends the program")
	}
	d.dialog("The shop cannot be reached") // it was tried again
	d.press(textQuit.say())
	if !d.left {
		t.Error("the window is still there")
	}
}

func TestWrongPasswordIsSaidInWords(t *testing.T) {
	server := redistest.Start(t, "--requirepass", "right")
	d := sharedDesk(t, "redis://:wrong-one@"+server.Addr)
	d.opt.Connector.(*shopsConnector).locked = []config.Field{config.FieldPassword}
	d.dialog("The shop does not let this counter in")
	body := d.alerts.current.spec.Body
	if !strings.Contains(body, "password for 127.0.0.1 is not right") || strings.Contains(body, "wrong-one") {
		t.Errorf("it says %q", body)
	}
	d.until("the dot says so", func() bool { return d.status.words.full == "Connection needs attention" })
}

func TestPasswordIsAskedForAtStart(t *testing.T) {
	server := redistest.Start(t, "--requirepass", "right")
	stock(t, redisShop(t, "redis://:right@"+server.Addr), goods...)
	d := sharedDesk(t, "redis://"+server.Addr)
	shops := d.opt.Connector.(*shopsConnector)
	shops.open = func(c config.Connection) (Place, error) {
		p := placeOf(redisShop(t, "redis://:"+string(c.Password)+"@"+server.Addr), "Counter 1")
		p.Name = "there"
		return p, nil
	}
	d.dialog(textPasswordNeeded.say())
	d.write("right")
	d.key(fyne.KeyReturn)
	d.ready(len(goods))
	d.noDialog()
	if len(shops.saved) != 1 || shops.saved[0].Password != "right" {
		t.Errorf("kept for the next start: %v", shops.saved)
	}
}

func TestOutageInMidWork(t *testing.T) {
	server, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	d.searchFor("espresso")
	d.shows("1 espresso")
	for round, want := range []string{"3", "5"} {
		line.Refuse()
		d.until("it is offline", func() bool { return d.banner.Visible() && strings.HasPrefix(d.status.words.full, "Offline since ") })
		d.noDialog()
		d.searchFor("espresso")
		d.dialog("The shop cannot be reached")
		d.key(fyne.KeyReturn) // keep working
		d.expectFocusInSearch()
		d.searchFor("espresso")
		d.until("both wait", func() bool { return strings.HasSuffix(d.status.words.full, "· 2 changes waiting") })
		d.until("the banner counts them", func() bool { return strings.HasPrefix(d.banner.spec.Text, "2 changes wait ") })
		d.noDialog()
		if mark := d.line("espresso").mark.full; mark != textWaiting.say() {
			t.Errorf("round %d: the row says %q", round, mark)
		}
		line.Resume()
		test.Tap(d.banner.buttons[0])
		d.shows(want + " espresso")
		d.until("the banner is gone", func() bool { return !d.banner.Visible() && d.status.words.full == "Shared, live" })
		if score := server.Do(t, "ZSCORE", "{main}:cart:c", "espresso"); score != want {
			t.Errorf("round %d: the server holds %v", round, score)
		}
	}
}

// Each answer is lost once: the change was made, and is sent again.
func TestLostAnswersCountOnce(t *testing.T) {
	server, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	line.Swallow(2, "EVALSHA")
	d.searchFor("2*espresso")
	d.searchFor("espresso")
	d.shows("3 espresso")
	if score := server.Do(t, "ZSCORE", "{main}:cart:c", "espresso"); score != "3" {
		t.Errorf("the server holds %v", score)
	}
}

func TestQuitWithWaitingChangesAsks(t *testing.T) {
	_, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	line.Refuse()
	d.until("it is offline", func() bool { return d.banner.Visible() })
	d.searchFor("espresso")
	d.dialog("The shop cannot be reached")
	d.key(fyne.KeyReturn)
	d.close()
	d.dialog("1 change is not sent yet")
	if f, ok := d.win.Canvas().Focused().(*alertPush); !ok || f.Text != textKeepOpen.say() {
		t.Errorf("the focus is on %T", d.win.Canvas().Focused())
	}
	d.key(fyne.KeyEscape)
	if d.left {
		t.Fatal("Escape closed the window")
	}
	d.close()
	d.press("Quit and lose it")
	if !d.left {
		t.Error("the window is still there")
	}
}

// A clear whose answer is not there may be refused yet: its lines must not be
// added before that is known.
func TestUndoOfAClearThatIsRefusedLater(t *testing.T) {
	server, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	d.searchFor("2*espresso")
	d.shows("2 espresso")
	line.Refuse()
	d.until("it is offline", func() bool { return d.banner.Visible() })
	d.clearCart()
	d.dialog("The shop cannot be reached")
	d.key(fyne.KeyReturn)
	d.undo()
	d.expectSaid(textComesBack.say())
	till := data.Open(redisShop(t, server.URL()), data.Options{Cart: "c", Counter: "Till", Pace: hurried})
	defer till.Close()
	d.by(till, data.Change{Kind: data.KindAdd, Product: "latte", Quantity: 1})
	till.Drain(t.Context())
	line.Resume()
	d.shows("2 espresso, 1 latte")
	d.noDialog() // there is nothing to decide about what was taken back
	d.expectStored("2 espresso, 1 latte")
}

func TestReadOnlyServerKeepsChangesWaiting(t *testing.T) {
	server, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	server.Do(t, "CONFIG", "SET", "maxmemory", "1")
	d.searchFor("espresso")
	d.until("it says so", func() bool {
		return d.banner.Visible() && strings.HasPrefix(d.status.words.full, "Read only since ") && strings.Contains(d.banner.spec.Text, "no room left")
	})
	server.Do(t, "CONFIG", "SET", "maxmemory", "0")
	d.menuItem("Try connection now")
	d.shows("1 espresso")
}

func TestServerThatDropsCartsIsWarnedOf(t *testing.T) {
	server := redistest.Start(t, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
	stock(t, redisShop(t, server.URL()), goods...)
	d := sharedDesk(t, server.URL())
	d.app.Preferences().RemoveValue(hiddenConcerns)
	d.until("the banner says so", func() bool { return strings.Contains(d.banner.says(), "may drop carts when its memory is full") })
	test.Tap(d.banner.buttons[0])
	d.dialog(textCheckTitle.say())
	d.concluded()
	if said := strings.Join(d.checked(), "\n"); !strings.Contains(said, "The server drops data when its memory is full (maxmemory-policy allkeys-lru)") {
		t.Errorf("it says\n%s", said)
	}
	d.key(fyne.KeyEscape)
	test.Tap(d.banner.buttons[1])
	if d.banner.Visible() {
		t.Errorf("hidden, and it says %q", d.banner.says())
	}
}

// A quantity that was typed during an outage met another counter's: the person
// is asked when all has been sent, and the answer is made.
func TestConflictOfAnOutageIsAskedAfterIt(t *testing.T) {
	server, line := stockedServer(t)
	d := sharedDesk(t, line.URL())
	d.ready(len(goods))
	d.searchFor("2*espresso")
	d.shows("2 espresso")
	line.Refuse()
	d.until("it is offline", func() bool { return d.banner.Visible() })
	d.typeQuantity("espresso", "3")
	d.key(fyne.KeyReturn)
	d.dialog("The shop cannot be reached")
	d.key(fyne.KeyReturn)
	d.searchFor("latte")
	till := data.Open(redisShop(t, server.URL()), data.Options{Cart: "c", Counter: "Till", Pace: hurried})
	defer till.Close()
	d.by(till, data.Change{Kind: data.KindSet, Product: "espresso", Quantity: 5, Seen: 2})
	till.Drain(t.Context())
	line.Resume()
	d.dialog("1 of the waiting changes could not be made")
	if why := d.late.rows[0].why.Text; !strings.Contains(why, "Till set 5 at ") {
		t.Errorf("it says %q", why)
	}
	d.key(fyne.KeyRight, fyne.KeyRight, fyne.KeyReturn)
	d.noDialog()
	d.shows("6 espresso, 1 latte")
	d.expectStored("6 espresso, 1 latte")
	d.until("the shop has forgotten it", func() bool { return len(d.model.state.Refused) == 0 })
}
