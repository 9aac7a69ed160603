// Trolley is a shopping cart that several counters see at once. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/doctor"
	"trolley/data/local"
	"trolley/data/redis"
	"trolley/data/sample"
	"trolley/ui"
)

// version is set by the build.
var version = "development"

func main() {
	show := flag.Bool("version", false, "print the version and end")
	flag.Usage = usage
	flag.Parse()
	switch {
	case *show:
		fmt.Println("trolley", version)
		return
	case flag.Arg(0) == "doctor":
		os.Exit(int(runDoctor(flag.Args()[1:])))
	case flag.NArg() > 0:
		fmt.Fprintf(os.Stderr, "trolley: there is no command %q\n\n", flag.Arg(0))
		usage()
		os.Exit(2)
	}
	a := app.NewWithID(config.AppID)
	if err := run(a); err != nil {
		fmt.Fprintln(os.Stderr, "trolley:", err)
		ui.Refuse(a, err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintln(flag.CommandLine.Output(), "Usage: trolley          open the window\n"+
		"       trolley doctor   find out in the terminal whether the shop can be used; -h tells more")
	flag.PrintDefaults()
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
	o := opener{conf: conf, log: log, carts: func(place string) []data.CartID { return cartsOf(a, conf, place) }}
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

// cartsOf returns the carts to open: the one asked for, then those that were
// open last, else this counter's own.
func cartsOf(a fyne.App, conf config.Config, place string) []data.CartID {
	carts := ui.RememberedCarts(a, place)
	if asked, err := data.ParseCartID(string(conf.Cart)); err == nil {
		carts = slices.DeleteFunc(carts, func(id data.CartID) bool { return id == asked })
		return slices.Insert(carts, 0, asked)
	}
	if len(carts) == 0 {
		carts = append(carts, data.CartID(conf.DefaultCart()))
	}
	return carts
}

// opener opens shops as the configuration says.
type opener struct {
	conf  config.Config
	log   *slog.Logger
	carts func(place string) []data.CartID // to open there
}

func (o opener) open() (ui.Place, error) {
	if !o.conf.Redis.Enabled() {
		return o.local(context.Background())
	}
	store, err := redis.Open(o.server())
	if err != nil {
		return ui.Place{}, err
	}
	queue := o.queue()
	p := o.place(o.here(), store, queue)
	p.Addr = store.Addr()
	if queue == nil {
		p.DiskRefuses = true
		return p, nil
	}
	p.Durable, p.Elsewhere = true, o.elsewhere(queue)
	p.Carts = o.withWaiting(queue, p.Carts)
	return p, nil
}

// withWaiting adds the carts for which an earlier run left changes waiting: they
// are sent as soon as their cart is open.
func (o opener) withWaiting(queue *local.Queue, carts []data.CartID) []data.CartID {
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
func (o opener) elsewhere(queue *local.Queue) int {
	waiting, err := queue.Elsewhere(context.Background(), "")
	if err != nil {
		o.log.Warn("what waits for other shops is not known", "error", err)
	}
	count := 0
	for _, w := range waiting {
		if w.Place == o.here() {
			continue
		}
		o.log.Warn("changes wait for another shop", "server", w.Place, "cart", w.Cart, "count", w.Count)
		count += w.Count
	}
	return count
}

// here names the server and the shop that changes wait for.
func (o opener) here() string { return o.conf.Redis.Place() + ", shop " + o.conf.Shop }

// queue opens the place on this computer's disk where changes wait for the
// server; nil when there is none to be had. Then they wait in memory, and the
// window says so.
func (o opener) queue() *local.Queue {
	q, err := local.OpenQueue(context.Background(), local.QueueConfig{Dir: o.conf.DataDir, Place: o.here(), Log: o.log})
	if err != nil {
		o.log.Warn("changes that wait for the server cannot be kept on the disk", "folder", o.conf.DataDir, "error", err)
		return nil
	}
	return q
}

// server says which server the configuration names.
func (o opener) server() redis.Config {
	r := o.conf.Redis
	return redis.Config{
		URL: r.URL, Password: string(r.Password), Mode: string(r.Mode), Addrs: r.Addrs, Master: r.Master,
		SentinelUser: r.SentinelUser, SentinelPassword: string(r.SentinelPassword),
		CA: r.CA, Cert: r.Cert, Key: r.Key, ServerName: r.ServerName,
		Shop: o.conf.Shop, Timeout: o.conf.Timeout, Log: o.log,
	}
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
	p := o.place("this computer, "+o.conf.DataDir+", shop "+o.conf.Shop, store, nil)
	p.Local = true
	return p, nil
}

func (o opener) place(name string, b data.Backend, queue *local.Queue) ui.Place {
	opt := data.Options{Counter: o.conf.Counter, Log: o.log}
	toClose := []io.Closer{b}
	if queue != nil {
		opt.Queue, toClose = queue, append(toClose, queue)
	}
	shop := data.OpenShop(b, opt)
	return ui.Place{
		Shop:        ui.OpenShop(shop),
		Name:        name,
		Carts:       o.carts(name),
		LoadSamples: func(ctx context.Context) error { return sample.Load(ctx, b) },
		Close: func() []data.Change {
			ctx, cancel := context.WithTimeout(context.Background(), closeWait)
			defer cancel()
			left := shop.Close(ctx)
			for _, c := range toClose {
				if err := c.Close(); err != nil {
					o.log.Warn("not closed cleanly", "error", err)
				}
			}
			return left
		},
	}
}

// closeWait is how long the end of the program waits for the last changes to
// be confirmed.
const closeWait = 2 * time.Second

// runDoctor examines the shop of the configuration in the terminal, without a
// window.
func runDoctor(args []string) doctor.Outcome {
	soak, err := doctor.Parse(args, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return doctor.InOrder
	case err != nil:
		return doctor.BadSetting
	}
	conf, err := config.Load(config.System())
	if err != nil {
		fmt.Fprintf(os.Stderr, "trolley: a setting cannot be used\n%v\n", err)
		return doctor.BadSetting
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl+C ends the program at once
	o := opener{conf: conf, log: slog.New(slog.DiscardHandler)}
	return doctor.Run(ctx, doctor.Config{Version: version, Store: o.where(), Soak: soak, Open: o.probe}, os.Stdout)
}

// where names the shop in words.
func (o opener) where() string {
	store := "this computer, " + o.conf.DataDir
	if o.conf.Redis.Enabled() {
		store = strings.TrimPrefix(o.conf.Redis.String(), string(config.Single)+" ")
	}
	return store + ", shop " + o.conf.Shop
}

// probe opens the shop for the doctor.
func (o opener) probe(ctx context.Context, dial doctor.Dial) (data.Backend, error) {
	if !o.conf.Redis.Enabled() {
		return local.Open(ctx, local.Config{Dir: o.conf.DataDir, Shop: o.conf.Shop, Timeout: doctor.CartLife, Log: o.log})
	}
	server := o.server()
	server.Timeout, server.Remember, server.History, server.Dial = doctor.CartLife, doctor.OpLife, time.Second, dial
	return redis.Open(server)
}
