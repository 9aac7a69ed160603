// Trolley is a shopping cart that several counters see at once. See README.md.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"trolley/data"
	"trolley/data/config"
	"trolley/data/doctor"
	"trolley/data/local"
	"trolley/data/logbook"
	"trolley/data/redis"
	"trolley/ui"
	"trolley/ui/native"
	"trolley/ui/sound"
)

// What runs, set by the build; the date is that of the commit, as RFC 3339.
var version, commit, date = "development", "", ""

// icon is that of the window and its dialogs, however the program was started.
//
//go:embed Icon.png
var icon []byte

func main() {
	if len(os.Args) > 1 { // a command, and no window
		native.Console()
	}
	show := flag.Bool("version", false, "print the version and end")
	flag.Usage = usage
	flag.Parse()
	switch {
	case *show:
		fmt.Println(strings.TrimSpace("trolley " + version + " " + commit + " " + date))
		return
	case flag.Arg(0) == "doctor":
		os.Exit(int(runDoctor(flag.Args()[1:])))
	case flag.NArg() > 0:
		fmt.Fprintf(os.Stderr, "trolley: there is no command %q\n\n", flag.Arg(0))
		usage()
		os.Exit(2)
	}
	a := app.NewWithID(config.AppID)
	a.SetIcon(fyne.NewStaticResource("Icon.png", icon))
	if err := ui.Speak(a); err != nil {
		fmt.Fprintln(os.Stderr, "trolley:", err)
	}
	if err := native.Drawable(); err != nil {
		fmt.Fprintln(os.Stderr, "trolley:", err)
		ui.RefuseUndrawn(err)
		os.Exit(1)
	}
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
	secrets := &logbook.Masker{}
	book, err := logbook.Open(logbook.Config{Dir: conf.LogDir, Level: conf.Log, Also: os.Stderr, Version: version, Secrets: secrets})
	if err != nil {
		return err
	}
	log := book.Logger()
	log.Info("starting", "version", version, "configuration", conf.String())
	sounds := sound.New(filepath.Join(conf.CacheDir, "sounds"), log)
	err = show(a, conf, book, secrets, sounds)
	sounds.Close()
	return errors.Join(err, book.Close())
}

// show opens the shop and shows the window until it is closed.
func show(a fyne.App, conf config.Config, book *logbook.Logbook, secrets *logbook.Masker, sounds *sound.Player) error {
	log := book.Logger()
	o := newOpener(conf, log)
	o.secret = secrets.Add
	o.carts = func(conf config.Config, place string) []data.CartID { return cartsOf(a, conf, place) }
	place, err := o.Open(context.Background(), conf.Connection())
	if err != nil {
		return err
	}
	place = ui.New(a, ui.Options{Place: place, Version: version, Log: log, Connector: o, SavedErr: conf.SavedErr,
		Sounds: sounds, Logbook: book, System: system(conf)}).Run()
	place.Close()
	return nil
}

// system says what runs, and where.
func system(conf config.Config) ui.System {
	s := ui.ThisSystem(version, conf.DataDir)
	if commit != "" {
		s.Commit = commit
		s.Date, _ = time.Parse(time.RFC3339, date) // or unknown
	}
	return s
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
	if conf.SavedErr != nil { // without what was saved it would be another shop
		fmt.Fprintf(os.Stderr, "trolley: a saved setting cannot be used\n%v\n", conf.SavedErr)
		return doctor.BadSetting
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl+C ends the program at once
	o := newOpener(conf, slog.New(slog.DiscardHandler))
	return doctor.Run(ctx, doctor.Config{Version: version, Store: where(conf), Soak: soak, Open: o.probe}, os.Stdout)
}

// where names the shop in words.
func where(conf config.Config) string {
	store := "this computer, " + conf.DataDir
	if conf.Redis.Enabled() {
		store = strings.TrimPrefix(conf.Redis.String(), string(config.Single)+" ")
	}
	return store + ", shop " + conf.Shop
}

// probe opens the shop for the doctor.
func (o *opener) probe(ctx context.Context, dial doctor.Dial) (data.Backend, error) {
	c := o.current()
	if !c.Shared {
		return local.Open(ctx, local.Config{Dir: o.conf.DataDir, Shop: shopOf(c), Timeout: doctor.CartLife, Log: o.log})
	}
	server, err := o.server(ctx, c)
	if err != nil {
		return nil, err
	}
	server.Timeout, server.Remember, server.History, server.Dial = doctor.CartLife, doctor.OpLife, time.Second, dial
	return redis.Open(server)
}
