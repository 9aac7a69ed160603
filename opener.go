package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/local"
	"trolley/data/redis"
	"trolley/data/sample"
	"trolley/ui"
)

// opener opens shops as a connection and the settings say. It is the window's
// way to the stores, of which the window knows nothing.
type opener struct {
	conf   config.Config // as it was read at start
	log    *slog.Logger
	secret func(string)                                         // hears of every password, so that none is written down
	carts  func(conf config.Config, place string) []data.CartID // to open there

	mu       sync.Mutex
	now      config.Connection    // of the shop on screen
	open     []*config.Connection // of the shops that are not closed yet, the newest last
	known    []config.Redis       // with their passwords: that of the start, and each that was opened; the newest last
	settings config.Settings
}

var _ ui.Connector = (*opener)(nil)

func newOpener(conf config.Config, log *slog.Logger) *opener {
	return &opener{conf: conf, log: log, secret: func(string) {}, now: conf.Connection(), known: []config.Redis{conf.Redis},
		settings: conf.Settings(), carts: func(config.Config, string) []data.CartID { return nil }}
}

// Connection implements ui.Connector. A window needs no password that is there.
func (o *opener) Connection() config.Connection {
	c := o.current()
	c.Password, c.SentinelPassword = "", ""
	return c
}

func (o *opener) current() config.Connection {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

// Settings implements ui.Connector.
func (o *opener) Settings() config.Settings {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.settings
}

// Locked implements ui.Connector.
func (o *opener) Locked(f config.Field) bool { return o.conf.Locked(f) }

// Name implements ui.Connector. A connection that cannot be used leads to no
// shop, and its name is empty.
func (o *opener) Name(c config.Connection) string {
	r, err := c.Redis()
	switch {
	case err != nil:
		return ""
	case r.Enabled():
		return r.Place() + ", shop " + shopOf(c)
	}
	return "this computer, " + o.conf.DataDir + ", shop " + shopOf(c)
}

func shopOf(c config.Connection) string {
	if c.Shop == "" {
		return "main"
	}
	return c.Shop
}

// Test implements ui.Connector.
func (o *opener) Test(ctx context.Context, c config.Connection, tell func(data.Finding)) error {
	store, err := o.backend(ctx, c)
	if err != nil {
		return err
	}
	err = store.Preflight(ctx, tell)
	if closing := store.Close(); closing != nil {
		o.log.Warn("the connection that was tested is not closed cleanly", "error", closing)
	}
	return err
}

// backend opens the store of a connection, and nothing around it.
func (o *opener) backend(ctx context.Context, c config.Connection) (data.Backend, error) {
	if !c.Shared {
		return o.file(ctx, c)
	}
	server, err := o.server(ctx, c)
	if err != nil {
		return nil, err
	}
	return redis.Open(server)
}

func (o *opener) file(ctx context.Context, c config.Connection) (*local.Store, error) {
	return local.Open(ctx, local.Config{Dir: o.conf.DataDir, Shop: shopOf(c), Timeout: o.Settings().Timeout, Log: o.log})
}

// server says which server a connection names, and with which passwords.
func (o *opener) server(ctx context.Context, c config.Connection) (redis.Config, error) {
	c = o.withPasswords(c)
	r, err := c.Redis()
	if err != nil {
		return redis.Config{}, err
	}
	o.secret(string(r.Password))
	o.secret(string(r.SentinelPassword))
	server := redis.Config{
		URL: r.URL, Password: string(r.Password), Mode: string(r.Mode), Addrs: r.Addrs, Master: r.Master,
		SentinelUser: r.SentinelUser, SentinelPassword: string(r.SentinelPassword),
		CA: r.CA, Cert: r.Cert, Key: r.Key, ServerName: r.ServerName, Unverified: r.Unverified,
		Shop: shopOf(c), Timeout: o.Settings().Timeout, Log: o.log,
	}
	if c.Keep == config.KeepKeychain && !o.exposes(r) {
		o.fromKeychain(ctx, r, &server)
	}
	return server, nil
}

// SaveSettings implements ui.Connector.
func (o *opener) SaveSettings(_ context.Context, s config.Settings) error {
	if s == o.Settings() {
		return nil
	}
	if err := config.SaveSettings(o.conf.DataDir, s); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.settings = s
	return nil
}

// Open implements ui.Connector.
func (o *opener) Open(ctx context.Context, c config.Connection) (ui.Place, error) {
	open := o.openFile
	if c.Shared {
		open = o.openServer
	}
	c = o.withPasswords(c)
	place, err := open(ctx, c)
	if err != nil {
		return ui.Place{}, err
	}
	end := place.Close
	place.Close = sync.OnceValue(func() []data.Change { defer o.closed(&c); return end() })
	r, _ := c.Redis() // it was good a moment ago
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now, o.open = c, append(o.open, &c)
	same := func(k config.Redis) bool {
		return k.Account() == r.Account() && k.SentinelAccount() == r.SentinelAccount()
	}
	o.known = append(slices.DeleteFunc(slices.Clone(o.known), same), r)
	return place, nil
}

// closed goes back to the shop before when it is the newest one that was closed:
// it did not come on screen.
func (o *opener) closed(c *config.Connection) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.open = slices.DeleteFunc(o.open, func(one *config.Connection) bool { return one == c })
	if n := len(o.open); n > 0 {
		o.now = *o.open[n-1]
	}
}

func (o *opener) openServer(ctx context.Context, c config.Connection) (ui.Place, error) {
	server, err := o.server(ctx, c)
	if err != nil {
		return ui.Place{}, err
	}
	store, err := redis.Open(server)
	if err != nil {
		return ui.Place{}, err
	}
	name := o.Name(c)
	queue := o.queue(name)
	p := o.place(name, store, queue)
	p.Addr, p.Unverified = store.Addr(), server.Unverified
	if queue == nil {
		p.DiskRefuses = true
		return p, nil
	}
	p.Durable, p.Elsewhere = true, o.elsewhere(queue, name)
	p.Carts = o.withWaiting(queue, p.Carts)
	return p, nil
}

// openFile opens the shop of this computer. A new one gets the sample catalogue,
// so that there is something to try.
func (o *opener) openFile(ctx context.Context, c config.Connection) (ui.Place, error) {
	store, err := o.file(ctx, c)
	if err != nil {
		return ui.Place{}, fmt.Errorf("open the shop of this computer: %w", err)
	}
	err = sample.Load(ctx, store)
	if err != nil && !errors.Is(err, data.ErrNotEmpty) {
		o.log.Warn("sample products not loaded", "error", err)
	}
	p := o.place(o.Name(c), store, nil)
	p.Local = true
	return p, nil
}

// withWaiting adds the carts for which an earlier run left changes waiting: they
// are sent as soon as their cart is open.
func (o *opener) withWaiting(queue *local.Queue, carts []data.CartID) []data.CartID {
	waiting, err := queue.Carts(context.Background())
	if err != nil {
		o.log.Warn("the carts that changes wait for are not known", "error", err)
	}
	for _, id := range waiting {
		if !slices.Contains(carts, id) {
			carts = append(slices.Clip(carts), id)
		}
	}
	return carts
}

// elsewhere counts what waits on this computer's disk for other shops.
func (o *opener) elsewhere(queue *local.Queue, here string) int {
	waiting, err := queue.Elsewhere(context.Background(), "")
	if err != nil {
		o.log.Warn("what waits for other shops is not known", "error", err)
	}
	count := 0
	for _, w := range waiting {
		if w.Place == here {
			continue
		}
		o.log.Warn("changes wait for another shop", "server", w.Place, "cart", w.Cart, "count", w.Count)
		count += w.Count
	}
	return count
}

// queue opens the place on this computer's disk where changes wait for the
// server; nil when there is none to be had. Then they wait in memory, and the
// window says so.
func (o *opener) queue(place string) *local.Queue {
	q, err := local.OpenQueue(context.Background(), local.QueueConfig{Dir: o.conf.DataDir, Place: place, Log: o.log})
	if err != nil {
		o.log.Warn("changes that wait for the server cannot be kept on the disk", "folder", o.conf.DataDir, "error", err)
		return nil
	}
	return q
}

func (o *opener) place(name string, b data.Backend, queue *local.Queue) ui.Place {
	conf := o.conf
	conf.Counter = o.Settings().Counter
	opt := data.Options{Counter: conf.Counter, Log: o.log}
	toClose := []io.Closer{b}
	if queue != nil {
		opt.Queue, toClose = queue, append(toClose, queue)
	}
	shop := data.OpenShop(b, opt)
	return ui.Place{
		Shop:        ui.OpenShop(shop),
		Name:        name,
		Carts:       o.carts(conf, name),
		LoadSamples: func(ctx context.Context) error { return sample.Load(ctx, b) },
		Close:       func() []data.Change { return o.end(shop, toClose) },
	}
}

// closeWait is how long the end of a shop waits for the last changes to be
// confirmed.
const closeWait = 2 * time.Second

func (o *opener) end(shop *data.Shop, toClose []io.Closer) []data.Change {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	left := shop.Close(ctx)
	if len(left) > 0 {
		o.log.Warn("changes were not sent", "count", len(left))
	}
	for _, c := range toClose {
		if err := c.Close(); err != nil {
			o.log.Warn("not closed cleanly", "error", err)
		}
	}
	return left
}

// Holding implements ui.Connector.
func (o *opener) Holding(ctx context.Context) (data.Holding, error) {
	store, err := o.file(ctx, o.current())
	if err != nil {
		return data.Holding{}, err
	}
	held, err := data.Held(ctx, store, sample.Products()...)
	return held, errors.Join(err, store.Close())
}

// Share implements ui.Connector.
func (o *opener) Share(ctx context.Context, c config.Connection, tell func(data.Shared)) error {
	from, err := o.file(ctx, o.current())
	if err != nil {
		return err
	}
	to, err := o.backend(ctx, c)
	if err != nil {
		return errors.Join(err, from.Close())
	}
	err = data.Share(ctx, from, to, o.Settings().Counter, tell)
	return errors.Join(err, to.Close(), from.Close())
}
