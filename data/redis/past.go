package redis

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"trolley/data"
)

// Past implements [data.Backend].
func (s *Store) Past(ctx context.Context, orders bool, before time.Time) ([]data.Past, error) {
	index, until := s.keys.pasts(), ""
	if orders {
		index = s.keys.orders()
	}
	if !before.IsZero() {
		until = strconv.FormatInt(max(0, before.UnixMicro()), 10)
	}
	answer, err := pastScript.Run(ctx, s.client, []string{index}, s.keys.tag, until, data.PastPage, s.limits.Lines).Slice()
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	r := &reply{rest: answer}
	var page []data.Past
	for len(r.rest) > 0 {
		if p, ok := parsePast(r.list()); ok {
			page = append(page, p)
		}
	}
	return page, r.damaged()
}

// parsePast reads an ending as the scripts tell it. It reports false where there
// is none, or one that makes no sense.
func parsePast(parts []any) (data.Past, bool) {
	r := &reply{rest: parts}
	p := data.Past{ID: data.OpID(r.text())}
	p.Cart.ID = data.CartID(r.text())
	p.How = data.Ending(r.text())
	p.At = r.when()
	p.By = data.UnescapeCounter(r.text())
	p.Cart.Name = data.Clean(r.text(), data.MaxCartNameLen)
	p.Cart.More = int(max(0, r.number()))
	for len(r.rest) > 0 && r.err == nil {
		p.Cart.Lines = append(p.Cart.Lines, parsePastLine(r.text(), r.text()))
	}
	data.SortLines(p.Cart.Lines)
	known := slices.Contains([]data.Ending{data.Expired, data.Emptied, data.CheckedOut}, p.How)
	return p, r.err == nil && known && !p.At.IsZero()
}

// parsePastLine reads a line's record "quantity price added changed counter
// name".
func parsePastLine(product, record string) data.Line {
	l := data.Line{Product: data.Product{ID: data.ProductID(product)}}
	f := strings.SplitN(record, " ", 6)
	if len(f) != 6 {
		l.Damaged = "?"
		return l
	}
	l.Quantity, l.Damaged = data.ReadQuantity(f[0])
	l.Added, l.Changed, l.By = parseTouched(strings.Join(f[2:5], " "))
	price, name := f[1], f[5]
	if l.Known = name != "" || price != ""; l.Known {
		l.Product = data.ReadProduct(l.Product.ID, name, price, "", "")
	}
	return l
}

// Activity implements [data.Backend].
func (s *Store) Activity(ctx context.Context, cart data.CartID) ([]data.Event, error) {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return nil, err
	}
	answer, err := activityScript.Run(ctx, s.client, []string{s.keys.meta(cart)}, s.keys.tag).Slice()
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	r := &reply{rest: answer}
	now, version := r.when(), r.number()
	var events []data.Event
	for len(r.rest) > 0 && r.err == nil {
		e, err := data.ParseEvent(r.text())
		// An earlier version of the program counts on without noting events.
		current := e.Token.Version <= version && e.Token.Version > version-data.MaxActivity
		if err == nil && current && now.Sub(e.At) <= data.PastLife {
			events = append(events, e)
		}
	}
	slices.SortFunc(events, func(a, b data.Event) int { return int(b.Token.Version - a.Token.Version) })
	return events, r.damaged()
}
