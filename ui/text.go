package ui

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"trolley/data"
)

// Everything the window says stands in this file: sentence case, no blame, what
// happened and what to do about it.

const (
	textTitle          = "Trolley"
	textSearch         = "Scan or search…"
	textAdd            = "Add"
	textClear          = "Clear cart"
	textKeep           = "Keep"
	textKeepCart       = "Keep cart"
	textUndo           = "Undo"
	textComesBack      = "The lines come back as soon as the shop has answered."
	textTotal          = "Total"
	textWaiting        = "Waiting to be sent"
	textWaitingUnknown = "Waiting to be sent; price not known yet"
	textNotInCatalogue = "Not in the catalogue"
	textCartEmpty      = "This cart is empty."
	textCartEmptyHint  = "Scan a product, or type its name and press Enter."
	textLoadingCart    = "Opening the cart…"
	textLoading        = "Loading products…"
	textNoProducts     = "No products yet."
	textNoProductsHint = "Add your own, or start with those of a small café."
	textUseSamples     = "Load sample products"
	textAddProductMenu = "Add product…"
	textBringBack      = "Bring it back"
	textBringBackCart  = "Bring expired cart back"
	textTryAgain       = "Try again"
	textTryNow         = "Try now"
	textWorkHere       = "Work on this computer"
	textQuit           = "Quit"
	textKeepOpen       = "Keep open"
	textQuitLosing     = "Quit and lose them"
	textQuitLosingOne  = "Quit and lose it"
	textKeepWorking    = "Keep working"
	textSkip           = "Skip"
	textAddNew         = "Add as new product…"
	textCancel         = "Cancel"
	textLeaveOut       = "Leave it out"
	textClose          = "Close"
	textName           = "Name"
	textPrice          = "Price"
	textCode           = "Barcode or id"
	textNamePrompt     = "Oat milk 1 L"
	textPricePrompt    = "2.40"
	textNewProduct     = "New product"
	textBusy           = "Too much is waiting for the shop. Try again in a moment."
	textKeys           = "Keyboard shortcuts"
	textLeaveRest      = "Leave the rest"
	textBringLost      = "Bring back what is missing"
	textLeaveLost      = "Leave it"
	textDetails        = "Details"
	textHide           = "Hide"
	textCheck          = "Check connection…"
	textCheckTitle     = "Connection to the shop"
	textCheckAgain     = "Check again"
)

func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

func textItems(n int64) string { return plural(n, "item", "items") }

func textProducts(shown, all int, query string) string {
	switch {
	case query == "":
		return plural(int64(all), "product", "products")
	case shown == 0:
		return "No product matches"
	case isNumber(query):
		return fmt.Sprintf("%s of %s", grouped(int64(shown)), plural(int64(all), "product", "products"))
	}
	return fmt.Sprintf("%s of %s · Enter adds the first", grouped(int64(shown)), plural(int64(all), "product", "products"))
}

func textNoMatch(query string) string {
	return fmt.Sprintf("No product matches %s.", quoted(query))
}

const textNoMatchHint = "Enter looks it up, and can add it as a new product."

// quoted puts a name between quotation marks, cut to a length that a sentence
// can bear.
func quoted(name string) string { return "“" + short(name) + "”" }

func short(name string) string {
	name = data.Clean(name, data.MaxNameLen)
	if r := []rune(name); len(r) > 48 {
		return strings.TrimSpace(string(r[:47])) + "…"
	}
	return name
}

func textQuantityOf(name string) string    { return "Quantity of " + short(name) }
func textAddProduct(name string) string    { return "Add " + short(name) }
func textRemoveProduct(name string) string { return "Remove " + short(name) }

func textProductCaption(p data.Product) string {
	parts := []string{data.Clean(string(p.ID), 24)}
	if p.Barcode != "" && p.Barcode != string(p.ID) {
		parts = append(parts, data.Clean(p.Barcode, 24))
	}
	if p.Stock != data.Unlimited {
		parts = append(parts, grouped(p.Stock)+" left")
	}
	return strings.Join(parts, " · ")
}

func textDamagedProduct(p data.Product) string {
	return "Cannot be sold: " + p.Damaged
}

func textDamagedLine(score string) string {
	return "Damaged (" + quoted(score) + "): set or remove"
}

func textEach(l data.Line) string {
	if !l.Known || l.Product.Damaged != "" {
		return ""
	}
	return l.Product.Price.String() + " each"
}

func textChangedBy(by string) string {
	if by == "" {
		return "Changed just now"
	}
	return by + ", just now"
}

func textRemovedBy(by string) string {
	if by == "" {
		return "Removed just now"
	}
	return "Removed by " + by + " just now"
}

// somebody names a counter at the begin of a sentence.
func somebody(by string) string {
	if by == "" {
		return "Somebody"
	}
	return by
}

func textNews(e data.Event, name string) string {
	switch e.Kind {
	case data.KindClear:
		return somebody(e.By) + " emptied the cart."
	case data.KindRemove:
		return fmt.Sprintf("%s removed %s.", somebody(e.By), quoted(name))
	}
	return fmt.Sprintf("%s took %s out.", somebody(e.By), quoted(name))
}

func textRemoved(name string) string { return "Removed " + quoted(name) + "." }

func textCleared(items int64) string { return "Cart emptied: " + textItems(items) + "." }

func textLeft(d time.Duration) string {
	d = max(0, d.Round(time.Second))
	if d >= time.Hour {
		return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// textSum writes a total; one that had to leave something out says so.
func textSum(sum data.Money, exact bool) string {
	if !exact {
		return "at least " + sum.String()
	}
	return sum.String()
}

// textCloses counts seconds only when they matter, so that nothing moves in the
// corner of the eye all day.
func textCloses(d time.Duration) string {
	if d > lastMinutes {
		return fmt.Sprintf("Closes in %d min", int(d.Round(time.Minute).Minutes()))
	}
	return "Closes in " + textLeft(d)
}

func textClosing(d time.Duration) string {
	return fmt.Sprintf("This cart closes in %s.", textLeft(d))
}

func textExpired(c data.Cart) (title, hint string) {
	sum, _ := c.Total()
	return "This cart expired at " + c.Expires.Format("15:04") + ".", fmt.Sprintf("It had %s (%s).", textItems(c.Items()), sum)
}

// Status.

func textStatus(s data.State, local bool) string {
	words := textPhase(s.Link, local)
	if s.Mending > 0 && s.Link.Usable() {
		words = "Checking the last changes…"
	}
	if n := len(s.Waiting); n > 0 {
		words += " · " + plural(int64(n), "change", "changes") + " waiting"
	}
	return words
}

func textPhase(l data.Link, local bool) string {
	switch l.Phase {
	case data.Live, data.Polling:
		if local {
			return "On this computer"
		}
		if l.Phase == data.Polling {
			return "Shared, checking every 2 seconds"
		}
		return "Shared, live"
	case data.ReadOnly:
		return "Read only since " + l.Since.Format("15:04")
	case data.Offline:
		return "Offline since " + l.Since.Format("15:04")
	case data.Broken:
		return "Connection needs attention"
	}
	return "Connecting…"
}

// textAway is the title of the dialog about a shop that cannot be used.
func textAway(l data.Link, local bool) string {
	switch {
	case local:
		return "The shop of this computer cannot be opened"
	case l.Phase == data.Broken && l.Fault == data.FaultNoPermission:
		return "The shop does not let this counter change carts"
	case l.Phase == data.Broken:
		return "The shop does not let this counter in"
	}
	return "The shop cannot be reached"
}

const textOfflineTitle = "Offline."

func textOfflineBanner(waiting int, kept bool) string {
	if waiting == 0 {
		return "The shop cannot be reached. What is shown may be old. " + textWait(0, kept)
	}
	them := " Other counters cannot see them yet."
	if waiting == 1 {
		them = " Other counters cannot see it yet."
	}
	return textWait(waiting, kept) + them
}

// textWait says what becomes of changes while the shop takes none. Kept says
// that they outlive the window.
func textWait(waiting int, kept bool) string {
	n := "Changes wait"
	if waiting > 0 {
		n = plural(int64(waiting), "change waits", "changes wait")
	}
	if kept {
		return n + " on this computer and will be sent when the shop is back."
	}
	return n + " in this window and will be sent when the shop is back."
}

// textWaitDialog is textWait at more length: what closing the window means.
func textWaitDialog(kept bool) string {
	if kept {
		return "Changes are kept on this computer and are sent when it is back."
	}
	return "Changes wait and are sent when it is back. They are in this window only: closing it loses them."
}

func textNotShared(n int) string {
	return plural(int64(n), "change is", "changes are") + " not shared yet"
}

func textKeptToQuit(n int) string {
	if n == 1 {
		return "It is kept on this computer and is sent the next time it connects."
	}
	return "They are kept on this computer and are sent the next time it connects."
}

func textNotSent(n int) string {
	return plural(int64(n), "change is", "changes are") + " not sent yet"
}

// textLostToQuit says what closing the window loses of what waits.
func textLostToQuit(lost, waiting int, durable bool) string {
	const hope = " Changes are sent as soon as the shop can be reached."
	if durable {
		n := grouped(int64(lost)) + " of them"
		if lost >= waiting {
			n = plural(int64(lost), "change", "changes")
		}
		return n + " cannot be kept on this computer’s disk and would be lost." + hope
	}
	return plural(int64(lost), "change is", "changes are") + " kept in this window only and would be lost." + hope
}

func textUnkept(n int) string {
	return plural(int64(n), "change", "changes") + " cannot be kept on this computer’s disk."
}

func textUnkeptHint(n int) string {
	if n == 1 {
		return "Do not close the window until it is sent."
	}
	return "Do not close the window until they are sent."
}

const (
	textUnread     = "What an earlier run left waiting cannot be read."
	textUnreadHint = "This computer’s disk does not let Trolley in. It is tried again every few seconds."
)

func textElsewhere(n int) string {
	return plural(int64(n), "change still waits", "changes still wait") +
		" for another cart or shop. Open it in this computer’s Trolley to send them."
}

// textMissing names the rights that a server refuses, as it says itself.
func textMissing(checks []data.Finding) string {
	for _, f := range checks {
		if f.Stage == data.StageRights && f.Verdict == data.Failed && f.Facts != "" {
			return " Missing: " + data.Clean(f.Facts, 120) + "."
		}
	}
	return ""
}

const textUnkeptHere = "This computer’s disk takes no changes: what waits for the shop is lost when this window is closed."

func textResumed(n int, usable bool) string {
	if usable {
		return plural(int64(n), "change from before is", "changes from before are") + " being sent."
	}
	return plural(int64(n), "change from before waits", "changes from before wait") + " for the shop."
}

func textBackOnline(n int) string {
	return "Back online. " + plural(int64(n), "change", "changes") + " shared."
}

func textLost(c data.Cart, all bool) (title, text string) {
	title = "The shop lost a part of this cart."
	if all {
		title = "The shop lost this cart."
	}
	sum, exact := c.Total()
	return title, fmt.Sprintf("It had %s (%s).", textItems(c.Items()), textSum(sum, exact))
}

// textFault says what keeps a store from being used, and what helps. Addr is
// "host:port" or a file; it may be unknown.
func textFault(f data.Fault, addr string) string {
	host, at := addr, ""
	if name, port, err := net.SplitHostPort(addr); err == nil && name != "" {
		host, at = name, " on port "+port
	}
	server, file := "the server at "+host, "the file "+addr
	if addr == "" {
		host, server, file = "the server", "the server", "the shop’s file"
	}
	say, ok := faultTexts[f]
	if !ok {
		say = "{host} cannot be used at the moment. Check the network, and that the server runs."
	}
	text := strings.NewReplacer("{host}", host, "{server}", server, "{at}", at, "{file}", file).Replace(say)
	return strings.ToUpper(text[:1]) + text[1:]
}

var faultTexts = map[data.Fault]string{
	data.FaultUnreachable:  "{host} cannot be reached. Check the network cable or Wi-Fi, and that the server runs.",
	data.FaultNoHost:       "There is no server called “{host}”. Check the spelling, or use its number, such as 10.0.0.5.",
	data.FaultRefused:      "{host} answers, but nothing is listening{at}. Check the port, and that Redis runs.",
	data.FaultTimeout:      "{host} does not answer. Check the network cable or Wi-Fi, and the firewall.",
	data.FaultCut:          "{host} closed the connection. The server may be restarting.",
	data.FaultLoading:      "{server} is starting. It will be ready in a moment.",
	data.FaultBusy:         "{server} is busy with a long task. It will be tried again.",
	data.FaultTooMany:      "{server} accepts no more computers. Close some, or raise its limit of clients.",
	data.FaultMoved:        "{server} is moving this shop to another node. It will be tried again.",
	data.FaultReadOnly:     "{host} only allows reading at the moment.",
	data.FaultFull:         "{host} has no room left.",
	data.FaultCannotSave:   "{host} cannot save to its disk.",
	data.FaultNoReplicas:   "{host} has too few replicas to accept changes.",
	data.FaultNeedsAuth:    "{server} needs a password. Set TROLLEY_REDIS_PASSWORD.",
	data.FaultWrongAuth:    "The user name or password for {host} is not right. Check TROLLEY_REDIS_URL and TROLLEY_REDIS_PASSWORD.",
	data.FaultNoPermission: "{server} does not allow this user all that a cart needs. Ask who set it up for the permissions in Trolley’s manual.",
	data.FaultUntrusted:    "The certificate of {host} is not trusted on this computer. Name the shop’s CA file in TROLLEY_REDIS_CA.",
	data.FaultWrongName:    "The certificate of {host} is for another name. Use that name in the address, or set TROLLEY_REDIS_SERVER_NAME.",
	data.FaultCertExpired:  "The certificate of {host} is out of its time. Also check this computer’s date.",
	data.FaultTLS:          "No encrypted connection to {host} came about. Check the certificate files.",
	data.FaultNotTLS:       "{host} does not encrypt{at}. Use redis:// instead of rediss://, or the encrypted port.",
	data.FaultMaybeTLS:     "{host} closed the connection at once. It may need encryption: use rediss:// instead of redis://.",
	data.FaultNoDatabase:   "{host} does not have the database that the address names. Use 0.",
	data.FaultCluster:      "{host} is a Redis Cluster. Set TROLLEY_REDIS_MODE=cluster.",
	data.FaultUnsupported:  "{host} is too old, or not a Redis server. Trolley needs Redis 6 or newer.",
	data.FaultFile:         "{file} cannot be read. It was left as it is.",
	data.FaultNewer:        "{file} was written by a newer Trolley. Install that version, or use another folder.",
	data.FaultDamaged:      "The shop holds something under this cart’s name that is not a cart. Open another cart with TROLLEY_CART, or have it removed there.",
	data.FaultForeign:      "{file} is not one of Trolley’s. It was left as it is; use another folder.",
}

// Refusals.

func textRefused(r data.Refusal) string {
	name := quoted(nameOf(r.Change))
	var quantity *data.QuantityError
	var stock *data.StockError
	var full *data.FullError
	var damaged *data.DamagedError
	switch err := r.Err; {
	case errors.As(err, &quantity) && r.Change.Quantity < 0:
		return fmt.Sprintf("The cart has only %s of %s; nothing was taken out.", grouped(quantity.Have), name)
	case errors.As(err, &quantity):
		return fmt.Sprintf("%s stays at %s: a line holds at most %s.", name, grouped(quantity.Have), grouped(quantity.Max))
	case errors.As(err, &stock):
		return fmt.Sprintf("Only %s of %s in stock, and %s in the cart already.", grouped(stock.Left), name, grouped(stock.Have))
	case errors.As(err, &full):
		return fmt.Sprintf("The cart is full: it holds at most %s.", plural(int64(full.Max), "line", "lines"))
	case errors.Is(err, data.ErrCartChanged):
		return "The cart was changed at another counter meanwhile, so it was not emptied. Look at it and clear it again."
	case errors.As(err, &damaged):
		return fmt.Sprintf("The shop holds damaged data of %s (%s). Set its quantity or remove it.", name, damaged.What)
	}
	return fmt.Sprintf("The change of %s was not accepted: %s.", name, r.Err)
}

// textLate is the title of the list of changes that were refused late.
func textLate(n int, lost bool) string {
	if lost {
		return plural(int64(n), "change", "changes") + " could not be made"
	}
	return grouped(int64(n)) + " of the waiting changes could not be made"
}

func textLeftOut(n int) string { return plural(int64(n), "change", "changes") + " left out." }

// nameOf returns the name of the product of a change as the person saw it.
func nameOf(c data.Change) string {
	if c.Name != "" {
		return c.Name
	}
	return string(c.Product)
}

// textInvalid says why something typed cannot be used.
func textInvalid(err error) string {
	var invalid *data.InvalidError
	var quantity *data.QuantityError
	switch {
	case errors.As(err, &invalid):
		s := invalid.Reason + "."
		return "The " + invalid.What + " cannot be used: " + s
	case errors.As(err, &quantity):
		return quantityBounds(1, quantity.Max)
	case errors.Is(err, data.ErrClosed):
		return "The shop was closed; nothing was changed."
	}
	return err.Error()
}

// keyTexts is the sheet of what the keyboard can do.
var keyTexts = [][2]string{
	{"Type or scan, Enter", "Add the product"},
	{"3*espresso, Enter", "Add three"},
	{"-espresso, Enter", "Take one out"},
	{"Up, Down in the box", "Choose among the products"},
	{"Esc", "Empty the box"},
	{"Ctrl+F", "Back to the box"},
	{"Ctrl+J", "Products or cart"},
	{"Up, Down in the cart", "Choose a line"},
	{"+ and − on a line", "One more, one fewer"},
	{"0–9 on a line", "Type its quantity"},
	{"Del on a line", "Remove it"},
	{"Ctrl+Z", "Take the last removal back"},
	{"Ctrl+Shift+Backspace", "Clear the cart"},
	{"Ctrl+K", "Keep the cart open"},
	{"Ctrl+B", "Bring the expired cart back"},
	{"Ctrl+R", "Try the connection now"},
	{"Ctrl+N", "New product"},
	{"Ctrl+/", "This list"},
}

// textSetting names a setting that cannot be used, and what is allowed.
func textSetting(e *data.InvalidError) string {
	if e.Value == "" {
		return e.What + ": " + e.Reason + "."
	}
	return e.What + " is " + quoted(e.Value) + ": " + e.Reason + "."
}

// Checks of the connection.

// stageTexts name the stages of a check, and say that one went well.
var stageTexts = map[data.Stage]struct{ name, fine string }{
	data.StageReach:   {"Network", "The shop answers."},
	data.StageEncrypt: {"Encryption", "Others on the network cannot read it."},
	data.StageSignIn:  {"Sign-in", "User and password are right."},
	data.StageServer:  {"Server", "This server will do."},
	data.StageWrite:   {"Writing", "Changes are taken."},
	data.StageRights:  {"Permissions", "This user may do all that a cart needs."},
	data.StageKeep:    {"Keeping carts", "No cart is dropped or forgotten."},
	data.StageClock:   {"Clock", "It agrees with this computer’s clock."},
}

// concernText says what a check warns of: in a banner, and at length. Of two
// that are as grave, the lower rank comes first.
type concernText struct {
	severity severity
	rank     int
	banner   string
	say      string // {host} and {facts} are put in
	plain    string // instead, where no facts are known
}

var concernTexts = map[data.Concern]concernText{
	data.ConcernEvicts: {severityWarning, 1, "The server may drop carts when its memory is full.",
		"{host} drops data when its memory is full ({facts}). Set maxmemory-policy to noeviction.",
		"{host} drops data when its memory is full. Set maxmemory-policy to noeviction."},
	data.ConcernForget: {severityWarning, 2, "A restart of the server loses carts.",
		"A restart of the server loses carts ({facts}). Set appendonly to yes.",
		"A restart of the server loses carts. Set appendonly to yes."},
	data.ConcernPlain: {severityInfo, 1, "The connection to the server is not encrypted.",
		"The connection to {host} is not encrypted: others on the network can read it ({facts}).",
		"The connection to {host} is not encrypted: others on the network can read it."},
	data.ConcernClock: {severityInfo, 2, "The clocks of this computer and of the server differ.",
		"The clocks of this computer and of the server differ: the server’s is {facts}.",
		"The clocks of this computer and of the server differ."},
}

// textConcern is the sentence about a finding that warns.
func textConcern(f data.Finding, host string) string {
	t, known := concernTexts[f.Concern]
	if !known {
		return withFacts("Something should be mended here.", f.Facts)
	}
	say := t.say
	if f.Facts == "" {
		say = t.plain
	}
	text := strings.NewReplacer("{host}", host, "{facts}", f.Facts).Replace(say)
	return strings.ToUpper(text[:1]) + text[1:]
}

func textMoreConcerns(n int) string {
	if n == 0 {
		return ""
	}
	return plural(int64(n), "more thing", "more things") + " should be mended."
}
