package ui

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"trolley/data"
)

// Most of what the window says stands in this file: sentence case, no blame, what
// happened and what to do about it.

// textTitle is the name of the program, which is the same in every language.
const textTitle = "Trolley"

const (
	textSearch         phrase = "Scan or search…"
	textAdd            phrase = "Add"
	textClear          phrase = "Clear cart"
	textKeepCart       phrase = "Keep cart"
	textUndo           phrase = "Undo"
	textComesBack      phrase = "The lines come back as soon as the shop has answered."
	textCart           phrase = "Cart"
	textTotal          phrase = "Total"
	textWaiting        phrase = "Waiting to be sent"
	textWaitingUnknown phrase = "Waiting to be sent; price not known yet"
	textNotInCatalogue phrase = "Not in the catalogue"
	textCartEmpty      phrase = "This cart is empty."
	textCartEmptyHint  phrase = "Scan a product, or type its name and press Enter."
	textLoadingCart    phrase = "Opening the cart…"
	textLoading        phrase = "Loading products…"
	textNoProducts     phrase = "No products yet."
	textNoProductsHint phrase = "Add your own, or start with those of a small café."
	textUseSamples     phrase = "Load sample products"
	textAddProductMenu phrase = "Add product…"
	textBringBack      phrase = "Bring it back"
	textTryAgain       phrase = "Try again"
	textTryNow         phrase = "Try now"
	textWorkHere       phrase = "Work on this computer"
	textQuit           phrase = "Quit"
	textKeepOpen       phrase = "Keep open"
	textQuitLosing     phrase = "Quit and lose them"
	textQuitLosingOne  phrase = "Quit and lose it"
	textKeepWorking    phrase = "Keep working"
	textSkip           phrase = "Skip"
	textAddNew         phrase = "Add as new product…"
	textCancel         phrase = "Cancel"
	textClose          phrase = "Close"
	textName           phrase = "Name"
	textPrice          phrase = "Price"
	textCode           phrase = "Barcode or id"
	textNamePrompt     phrase = "Oat milk 1 L"
	textPricePrompt    phrase = "2.40"
	textNewProduct     phrase = "New product"
	textBusy           phrase = "Too much is waiting for the shop. Try again in a moment."
	textKeys           phrase = "Keyboard shortcuts"
	textLeaveRest      phrase = "Leave the rest"
	textLater          phrase = "Later"
	textLook           phrase = "Look…"
	textBringLost      phrase = "Bring back what is missing"
	textLeaveLost      phrase = "Go on without"
	textDetails        phrase = "Details"
	textHide           phrase = "Hide"
	textCheck          phrase = "Check connection…"
	textCheckTitle     phrase = "Connection to the shop"
	textCheckAgain     phrase = "Check again"
)

func textItems(n int64) string { return plural{"{n} item", "{n} items"}.of(n) }

// textProducts says how many products match what is typed, and what Enter would
// do. A request without a text asks for nothing yet.
func textProducts(shown, all int, req entryRequest) string {
	if req.Text == "" {
		return plural{"{n} product", "{n} products"}.of(int64(all))
	}
	if shown == 0 {
		return phrase("No product matches").say()
	}
	found := plural{"{shown} of {n} product", "{shown} of {n} products"}.of(int64(all), "shown", grouped(int64(shown)))
	if isNumber(req.Text) {
		return found
	}
	return found + " · " + textEnterDoes(req)
}

func textEnterDoes(req entryRequest) string {
	switch n := grouped(req.Quantity); {
	case req.Take:
		return phrase("Enter takes {n} out").with("n", n)
	case req.Quantity > 1:
		return phrase("Enter adds {n} of the first").with("n", n)
	}
	return phrase("Enter adds the first").say()
}

func textNoMatch(query string) string {
	return phrase("No product matches {name}.").with("name", quoted(query))
}

const textNoMatchHint phrase = "Enter looks it up, and can add it as a new product."

// quoted puts a name between quotation marks, cut to a length that a sentence
// can bear.
func quoted(name string) string { return phrase("“{name}”").with("name", short(name)) }

func short(name string) string {
	name = data.Clean(name, data.MaxNameLen)
	if r := []rune(name); len(r) > 48 {
		return strings.TrimSpace(string(r[:47])) + "…"
	}
	return name
}

func textQuantityOf(name string) string {
	return phrase("Quantity of {name}").with("name", short(name))
}

func textAddProduct(name string) string { return phrase("Add {name}").with("name", short(name)) }

func textRemoveProduct(name string) string {
	return phrase("Remove {name}").with("name", short(name))
}

func textProductCode(p data.Product) string {
	code := data.Clean(string(p.ID), 24)
	if p.Barcode != "" && p.Barcode != string(p.ID) {
		code += " · " + data.Clean(p.Barcode, 24)
	}
	return code
}

// textStock stands behind the product's codes.
func textStock(p data.Product) string {
	if p.Stock == data.Unlimited || p.Damaged != "" {
		return ""
	}
	return " · " + plural{"{n} left", "{n} left"}.of(p.Stock)
}

func textDamagedProduct(p data.Product) string {
	return phrase("Cannot be sold: {reason}").with("reason", foreign(p.Damaged))
}

func textDamagedLine(score string) string {
	return phrase("Damaged ({value}): set or remove").with("value", quoted(score))
}

func textEach(l data.Line) string {
	if !l.Known || l.Product.Damaged != "" {
		return ""
	}
	return phrase("{price} each").with("price", textMoney(l.Product.Price))
}

func textChangedBy(by string) string {
	if by == "" {
		return phrase("Changed just now").say()
	}
	return phrase("{who}, just now").with("who", by)
}

func textRemovedBy(by string) string {
	if by == "" {
		return phrase("Removed just now").say()
	}
	return phrase("Removed by {who} just now").with("who", by)
}

// somebody names a counter that did something.
func somebody(by string) string {
	if by == "" {
		return phrase("Somebody").say()
	}
	return by
}

func textNews(e data.Event, name string) string {
	who := somebody(e.By)
	switch e.Kind {
	case data.KindClear:
		return phrase("{who} emptied the cart.").with("who", who)
	case data.KindCheckout:
		return phrase("{who} checked this cart out.").with("who", who)
	case data.KindName:
		return textNamedBy(who, e.Text)
	case data.KindRemove:
		return phrase("{who} removed {name}.").with("who", who, "name", quoted(name))
	}
	return phrase("{who} took {name} out.").with("who", who, "name", quoted(name))
}

func textNamedBy(who, name string) string {
	if name == "" {
		return phrase("{who} took the name of this cart away.").with("who", who)
	}
	return phrase("{who} named this cart {name}.").with("who", who, "name", quoted(name))
}

func textRemoved(name string) string { return phrase("Removed {name}.").with("name", quoted(name)) }

func textCleared(items int64) string {
	return plural{"Cart emptied: {n} item.", "Cart emptied: {n} items."}.of(items)
}

func textLeft(d time.Duration) string {
	d = max(0, d.Round(time.Second))
	if d >= time.Hour {
		return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// textCartSide is the cart's half of the switch in a narrow window.
func textCartSide(items int64) string {
	if items == 0 {
		return textCart.say()
	}
	return textCart.say() + " · " + grouped(items)
}

// textSum writes a total; one that had to leave something out says so, and one
// of which nothing is known is a dash.
func textSum(sum data.Money, exact bool) string {
	switch {
	case exact:
		return textMoney(sum)
	case sum == 0:
		return "–"
	}
	return phrase("at least {sum}").with("sum", textMoney(sum))
}

// textPercent writes a share as the language of the window does.
func textPercent(share float32) string {
	return message.NewPrinter(spoken.Load().formats()).Sprint(number.Percent(share))
}

// textMoney writes an amount as the language of the window does, thousands in
// groups.
func textMoney(m data.Money) string {
	sign, cents := "", uint64(m)
	if m < 0 {
		sign, cents = "-", -cents
	}
	point := strings.Trim(message.NewPrinter(spoken.Load().formats()).Sprintf("%.1f", 0.5), "05")
	return sign + grouped(int64(cents/100)) + point + fmt.Sprintf("%02d", cents%100)
}

// textCloses counts seconds only when they matter, so that nothing moves in the
// corner of the eye all day.
func textCloses(d time.Duration) string {
	if d > lastMinutes {
		return plural{"Closes in {n} min", "Closes in {n} min"}.of(int64(d.Round(time.Minute).Minutes()))
	}
	return phrase("Closes in {time}").with("time", textLeft(d))
}

func textClosing(d time.Duration) string {
	return phrase("This cart closes in {time}.").with("time", textLeft(d))
}

// textHad says what was in a cart that is not there any more.
func textHad(items int64, sum string) string {
	return plural{"It had {n} item ({sum}).", "It had {n} items ({sum})."}.of(items, "sum", sum)
}

// Status.

func textStatus(s data.State, local bool) string {
	words := textPhase(s.Link, local)
	if s.Mending > 0 && s.Link.Usable() {
		words = phrase("Checking the last changes…").say()
	}
	if n := len(s.Waiting); n > 0 {
		words += " · " + plural{"{n} change waiting", "{n} changes waiting"}.of(int64(n))
	}
	return words
}

func textPhase(l data.Link, local bool) string {
	switch {
	case l.Usable() && local:
		return phrase("On this computer").say()
	case l.Phase == data.Live:
		return phrase("Shared, live").say()
	case l.Phase == data.Polling:
		return phrase("Shared, checking every 2 seconds").say()
	case l.Phase == data.ReadOnly:
		return phrase("Read only since {time}").with("time", textTime(l.Since))
	case l.Phase == data.Offline:
		return phrase("Offline since {time}").with("time", textTime(l.Since))
	case l.Phase == data.Broken:
		return phrase("Connection needs attention").say()
	}
	return phrase("Connecting…").say()
}

// textAway is the title of the dialog about a shop that cannot be used.
func textAway(l data.Link, local bool) string {
	switch {
	case local:
		return textNoLocalShop.say()
	case l.Phase == data.Broken && l.Fault == data.FaultNoPermission:
		return phrase("The shop does not let this counter change carts").say()
	case l.Phase == data.Broken:
		return phrase("The shop does not let this counter in").say()
	}
	return phrase("The shop cannot be reached").say()
}

const (
	textNoLocalShop  phrase = "The shop of this computer cannot be opened"
	textOfflineTitle phrase = "Offline."
)

func textOfflineBanner(waiting int, kept bool) string {
	if waiting == 0 {
		return phrase("The shop cannot be reached. What is shown may be old.").say() + " " + textWait(0, kept)
	}
	return textWait(waiting, kept) + " " +
		plural{"Other counters cannot see it yet.", "Other counters cannot see them yet."}.of(int64(waiting))
}

// textWait says what becomes of changes while the shop takes none. Kept says
// that they outlive the window.
func textWait(waiting int, kept bool) string {
	all := phrase("Changes wait in this window and will be sent when the shop is back.")
	some := plural{"{n} change waits in this window and will be sent when the shop is back.",
		"{n} changes wait in this window and will be sent when the shop is back."}
	if kept {
		all = "Changes wait on this computer and will be sent when the shop is back."
		some = plural{"{n} change waits on this computer and will be sent when the shop is back.",
			"{n} changes wait on this computer and will be sent when the shop is back."}
	}
	if waiting == 0 {
		return all.say()
	}
	return some.of(int64(waiting))
}

// textWaitDialog is textWait at more length: what closing the window means.
func textWaitDialog(kept bool) string {
	if kept {
		return phrase("Changes are kept on this computer and are sent when it is back.").say()
	}
	return phrase("Changes wait and are sent when it is back. They are in this window only: closing it loses them.").say()
}

func textNotShared(n int) string {
	return plural{"{n} change is not shared yet", "{n} changes are not shared yet"}.of(int64(n))
}

func textKeptToQuit(n int) string {
	return plural{"It is kept on this computer and is sent the next time it connects.",
		"They are kept on this computer and are sent the next time it connects."}.of(int64(n))
}

func textNotSent(n int) string {
	return plural{"{n} change is not sent yet", "{n} changes are not sent yet"}.of(int64(n))
}

// textLostToQuit says what closing the window loses of what waits.
func textLostToQuit(lost, waiting int, durable bool) string {
	loss := plural{"{n} change is kept in this window only and would be lost.",
		"{n} changes are kept in this window only and would be lost."}
	switch {
	case durable && lost >= waiting:
		loss = plural{"{n} change cannot be kept on this computer’s disk and would be lost.",
			"{n} changes cannot be kept on this computer’s disk and would be lost."}
	case durable:
		loss = plural{"{n} of them cannot be kept on this computer’s disk and would be lost.",
			"{n} of them cannot be kept on this computer’s disk and would be lost."}
	}
	return loss.of(int64(lost)) + " " + phrase("Changes are sent as soon as the shop can be reached.").say()
}

func textUnkept(n int) string {
	return plural{"{n} change cannot be kept on this computer’s disk.",
		"{n} changes cannot be kept on this computer’s disk."}.of(int64(n))
}

func textUnkeptHint(n int) string {
	return plural{"Do not close the window until it is sent.", "Do not close the window until they are sent."}.of(int64(n))
}

const (
	textUnread     phrase = "What an earlier run left waiting cannot be read."
	textUnreadHint phrase = "This computer’s disk does not let Trolley in. It is tried again every few seconds."
)

func textElsewhere(n int) string {
	return plural{"{n} change still waits for another cart or shop. Open it in this computer’s Trolley to send them.",
		"{n} changes still wait for another cart or shop. Open it in this computer’s Trolley to send them."}.of(int64(n))
}

// textMissing names the rights that a server refuses, as it says itself.
func textMissing(checks []data.Finding) string {
	for _, f := range checks {
		if f.Stage == data.StageRights && f.Verdict == data.Failed && f.Facts != "" {
			return " " + textMissingRights.with("rights", textRights(data.Clean(f.Facts, 120)))
		}
	}
	return ""
}

const (
	textMissingRights phrase = "Missing: {rights}."
	textUnkeptHere    phrase = "This computer’s disk takes no changes: what waits for the shop is lost when this window is closed."
)

func textResumed(n int, usable bool) string {
	if usable {
		return plural{"{n} change from before is being sent.", "{n} changes from before are being sent."}.of(int64(n))
	}
	return plural{"{n} change from before waits for the shop.", "{n} changes from before wait for the shop."}.of(int64(n))
}

func textBackOnline(n int) string {
	return plural{"Back online. {n} change shared.", "Back online. {n} changes shared."}.of(int64(n))
}

func textLost(c data.Cart, all bool) (title, text string) {
	part := phrase("The shop lost a part of this cart.")
	if all {
		part = "The shop lost this cart."
	}
	return part.say(), textHad(c.Items(), textSum(c.Total()))
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
		return phrase("The cart has only {have} of {name}; nothing was taken out.").with("have", grouped(quantity.Have), "name", name)
	case errors.As(err, &quantity):
		return phrase("{name} stays at {have}: a line holds at most {max}.").with("name", name,
			"have", grouped(quantity.Have), "max", grouped(quantity.Max))
	case errors.As(err, &stock):
		if stock.Have == 0 {
			return phrase("Only {left} of {name} in stock.").with("left", grouped(stock.Left), "name", name)
		}
		return phrase("Only {left} of {name} in stock, and {have} in the cart already.").with("left", grouped(stock.Left),
			"name", name, "have", grouped(stock.Have))
	case errors.As(err, &full):
		return plural{"The cart is full: it holds at most {n} line.", "The cart is full: it holds at most {n} lines."}.of(int64(full.Max))
	case errors.Is(err, data.ErrCartChanged):
		return phrase("The cart was changed at another counter meanwhile, so it was not emptied. Look at it and clear it again.").say()
	case errors.As(err, &damaged):
		return phrase("The shop holds damaged data of {name}. Set its quantity or remove it.").with("name", name)
	}
	return phrase("The change of {name} was not accepted: {reason}.").with("name", name, "reason", foreign(r.Err.Error()))
}

// textLate is the title of the list of changes that were refused late.
func textLate(n int, lost bool) string {
	if lost {
		return plural{"{n} change could not be made", "{n} changes could not be made"}.of(int64(n))
	}
	return plural{"{n} of the waiting changes could not be made", "{n} of the waiting changes could not be made"}.of(int64(n))
}

func textLeftOut(n int) string {
	return plural{"{n} change left out.", "{n} changes left out."}.of(int64(n))
}

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
		sentence, known := invalidTexts[invalid.What]
		if !known {
			sentence = "This cannot be used: {reason}."
		}
		return sentence.with("reason", foreign(invalid.Reason))
	case errors.As(err, &quantity):
		return quantityBounds(1, quantity.Max)
	case errors.Is(err, data.ErrClosed):
		return phrase("The shop was closed; nothing was changed.").say()
	}
	return foreign(err.Error())
}

// invalidTexts say that something cannot be used, by the name that package data
// has for it: the word for "the" and the endings follow from that in most
// languages.
var invalidTexts = map[string]phrase{
	"barcode":          "The barcode cannot be used: {reason}.",
	"cart name":        "The cart name cannot be used: {reason}.",
	"counter name":     "The counter name cannot be used: {reason}.",
	"name":             "The name cannot be used: {reason}.",
	"name of the cart": "The name of the cart cannot be used: {reason}.",
	"price":            "The price cannot be used: {reason}.",
	"product id":       "The product id cannot be used: {reason}.",
	"shop name":        "The shop name cannot be used: {reason}.",
	"stock":            "The stock cannot be used: {reason}.",
}

// textSetting names a setting that cannot be used, and what is allowed.
func textSetting(e *data.InvalidError) string {
	if e.Value == "" {
		return phrase("{what}: {reason}.").with("what", e.What, "reason", foreign(e.Reason))
	}
	if e.What == "file" {
		return phrase("The file {value} cannot be used: {reason}.").with("value", quoted(e.Value), "reason", foreign(e.Reason))
	}
	return phrase("{what} is {value}: {reason}.").with("what", e.What, "value", quoted(e.Value), "reason", foreign(e.Reason))
}

func textMoreConcerns(n int) string {
	if n == 0 {
		return ""
	}
	return plural{"{n} more thing should be mended.", "{n} more things should be mended."}.of(int64(n))
}

// Carts and their tabs.

const (
	textOtherCarts    phrase = "Carts"
	textTextSize      phrase = "Text size {size}"
	textShown         phrase = "Shown"
	textProductsTitle phrase = "Products"
	textCarts         phrase = "Open carts"
	textKeepCartOpen  phrase = "Keep cart open"
	textCartOf        phrase = "Cart {time}"
	textCartAgain     phrase = "{cart} ({n})"
	textTabEmpty      phrase = "Empty"
	textTabExpired    phrase = "Expired"
	textAlsoHere      phrase = "also open at {names}"
	textUnseen        phrase = "changed"
	textAgeNow        phrase = "now"
	textAgeMinutes    phrase = "{n} min"
	textAgeHours      phrase = "{n} h"
	textAgeDays       phrase = "{n} d"
	textAside         phrase = "Put aside “{cart}”."
	textAsideRefused  phrase = "Changes of “{cart}” could not be made. Decide about them first."
	textTakeUp        phrase = "Take up"
	textAsideWaits    phrase = "“{cart}” has changes that wait for the shop. It can be put aside when they are sent."
	textNothingAside  phrase = "No cart was put aside at this counter."
	textTooManyTabs   phrase = "So many carts are open. Put one aside first."
)

// textClock is a time of the day, and of another day with its date.
func textClock(at time.Time) string {
	if isToday(at) {
		return textTime(at)
	}
	return phrase("{date} {time}").with("date", textDay(at), "time", textTime(at))
}

// textMoment is textClock in a sentence, behind “at”.
func textMoment(at time.Time) string {
	if isToday(at) {
		return textTime(at)
	}
	return phrase("{time} on {date}").with("date", textDay(at), "time", textTime(at))
}

// isToday reports whether a time of the day alone tells when that was.
func isToday(at time.Time) bool { return time.Since(at) < 18*time.Hour }

// textTime is a time of the day.
func textTime(at time.Time) string {
	at = at.Local()
	return phrase("{hour}:{minute}").with("hour", at.Format("15"), "minute", at.Format("04"))
}

// textDay is a date without its year.
func textDay(at time.Time) string {
	at = at.Local()
	return phrase("{day} {month}").with("day", at.Format("2"), "month", months[at.Month()-1].say())
}

var months = [...]phrase{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// endedTexts say how a cart came to its end.
var endedTexts = map[data.Ending]endedText{
	data.Expired:    {"This cart expired at {time}.", "This cart expired at {time}."},
	data.Emptied:    {"This cart was emptied at {time}.", "{counter} emptied this cart at {time}."},
	data.CheckedOut: {"This cart was checked out at {time}.", "{counter} checked this cart out at {time}."},
}

// namedEndedTexts say it of a cart that had a name.
var namedEndedTexts = map[data.Ending]endedText{
	data.Expired:    {"{cart} expired at {time}.", "{cart} expired at {time}."},
	data.Emptied:    {"{cart} was emptied at {time}.", "{counter} emptied {cart} at {time}."},
	data.CheckedOut: {"{cart} was checked out at {time}.", "{counter} checked {cart} out at {time}."},
}

// endedText says it without and with the counter that did it.
type endedText struct{ title, by phrase }

// textEnded says how a cart ended, and what it had.
func textEnded(p data.Past) (title, hint string) {
	t := endedTexts[p.How]
	if p.Cart.Name != "" {
		t = namedEndedTexts[p.How]
	}
	say := t.by
	if p.By == "" {
		say = t.title
	}
	title = say.with("cart", quoted(p.Cart.Name), "counter", p.By, "time", textMoment(p.At))
	return title, textHad(p.Cart.Items(), textSum(p.Cart.Total()))
}
