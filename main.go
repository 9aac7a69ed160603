// Trolley is a shopping cart that several counters see at once. See README.md.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/local"
	"trolley/data/redis"
	"trolley/data/sample"
	"trolley/ui"
)

// version is set by the build.
var version = "development"

// lastCart is the preference that remembers the cart that was open last.
const lastCart = "cart"

func main() {
	show := flag.Bool("version", false, "print the version and end")
	flag.Parse()
	if *show {
		fmt.Println("trolley", version)
		return
	}
	a := app.NewWithID(config.AppID)
	if err := run(a); err != nil {
		fmt.Fprintln(os.Stderr, "trolley:", err)
		ui.Refuse(a, err)
		os.Exit(1)
	}
}

// run reads the configuration, opens the shop and shows the window until it is
// closed. An error means that no window was shown.
func run(a fyne.App) error {
	conf, err := config.Load(config.System())
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: conf.Log}))
	log.Info("starting", "version", version, "configuration", conf.String())
	o := opener{conf: conf, log: log, cart: cartOf(a, conf)}
	place, err := o.open()
	if err != nil {
		return err
	}
	place = ui.New(a, ui.Options{Place: place, Version: version, Log: log, OpenLocal: o.local}).Run()
	if left := place.Close(); len(left) > 0 {
		log.Warn("changes were not sent", "count", len(left))
	}
	return nil
}

// cartOf returns the cart to open: the one asked for, else the last one, else
// this counter's own.
func cartOf(a fyne.App, conf config.Config) data.CartID {
	own := cmp.Or(a.Preferences().String(lastCart), conf.DefaultCart())
	id, err := data.ParseCartID(cmp.Or(string(conf.Cart), own))
	if err != nil { // a preference that was tampered with
		id = data.CartID(conf.DefaultCart())
	}
	a.Preferences().SetString(lastCart, string(id))
	return id
}

// opener opens shops as the configuration says.
type opener struct {
	conf config.Config
	log  *slog.Logger
	cart data.CartID
}

func (o opener) open() (ui.Place, error) {
	r := o.conf.Redis
	if !r.Enabled() {
		return o.local(context.Background())
	}
	store, err := redis.Open(redis.Config{
		URL: r.URL, Password: string(r.Password), Mode: string(r.Mode), Addrs: r.Addrs, Master: r.Master,
		CA: r.CA, Cert: r.Cert, Key: r.Key, ServerName: r.ServerName,
		Shop: o.conf.Shop, Timeout: o.conf.Timeout, Log: o.log,
	})
	if err != nil {
		return ui.Place{}, err
	}
	p := o.place(store, store)
	p.Addr = store.Addr()
	return p, nil
}

// local opens the shop of this computer. A new one gets the sample catalogue,
// so that there is something to try.
func (o opener) local(ctx context.Context) (ui.Place, error) {
	store, err := local.Open(ctx, local.Config{Dir: o.conf.DataDir, Shop: o.conf.Shop, Timeout: o.conf.Timeout, Log: o.log})
	if err != nil {
		return ui.Place{}, fmt.Errorf("open the shop of this computer: %w", err)
	}
	err = sample.Load(ctx, store)
	if err != nil && !errors.Is(err, data.ErrNotEmpty) {
		o.log.Warn("sample products not loaded", "error", err)
	}
	p := o.place(store, store)
	p.Local = true
	return p, nil
}

func (o opener) place(b data.Backend, c io.Closer) ui.Place {
	s := data.Open(b, data.Options{Cart: o.cart, Counter: o.conf.Counter, Log: o.log})
	return ui.Place{
		Shop:        s,
		LoadSamples: func(ctx context.Context) error { return sample.Load(ctx, b) },
		Close: func() []data.Change {
			ctx, cancel := context.WithTimeout(context.Background(), closeWait)
			defer cancel()
			s.Drain(ctx)
			left := s.Close()
			if err := c.Close(); err != nil {
				o.log.Warn("store not closed cleanly", "error", err)
			}
			return left
		},
	}
}

// closeWait is how long the end of the program waits for the last changes to
// be confirmed.
const closeWait = 2 * time.Second
