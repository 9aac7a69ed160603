package redis

import (
	"context"
	"strconv"
	"strings"
	"time"

	"trolley/data"
)

// Read implements [data.Backend].
func (s *Store) Read(ctx context.Context, cart data.CartID, known data.Token, mine data.OpID) (data.Reading, error) {
	if _, err := data.ParseCartID(string(cart)); err != nil {
		return data.Reading{}, err
	}
	keys := []string{s.keys.cart(cart), s.keys.meta(cart), s.keys.op(cart, mine)}
	parts, err := readScript.Run(ctx, s.client, keys, s.keys.tag, string(cart), known.String(), s.limits.Lines).Slice()
	if err != nil {
		return data.Reading{}, s.fail(ctx, err)
	}
	reading, err := parseReading(parts, time.Now())
	reading.Cart.ID = cart
	return reading, err
}

// parseReading reads the answer of the read script, which came in at now.
func parseReading(parts []any, now time.Time) (data.Reading, error) {
	r := &reply{rest: parts}
	status := r.text()
	left := r.number()
	reading := data.Reading{Same: status == "SAME", Mine: r.number() == 1, Cart: data.Cart{ReadAt: now}}
	if left >= 0 {
		reading.Cart.Expires = now.Add(time.Duration(left) * time.Millisecond)
	}
	if status == "OK" {
		parseCart(r, &reading.Cart)
	}
	if status != "OK" && status != "SAME" {
		r.err = errReply
	}
	if r.err != nil {
		return data.Reading{}, r.damaged()
	}
	return reading, nil
}

// lineParts is the number of parts a line has in the answer.
const lineParts = 7

func parseCart(r *reply, c *data.Cart) {
	c.Token = parseToken(r.text(), r.text())
	c.Name = data.Clean(r.text(), data.MaxCartNameLen)
	if p, ok := parsePast(r.list()); ok {
		c.Ended = &p
	}
	total := r.number()
	if len(r.rest)%lineParts != 0 {
		r.err = errReply
		return
	}
	c.Lines = make([]data.Line, 0, len(r.rest)/lineParts)
	for len(r.rest) > 0 {
		c.Lines = append(c.Lines, parseLine(r))
	}
	c.More = max(0, int(total)-len(c.Lines))
	data.SortLines(c.Lines)
}

// parseToken reads a token as stored. One that cannot be used counts as none:
// the cart can then still be read, and cleared to repair it.
func parseToken(version, op string) data.Token {
	v, err := strconv.ParseInt(version, 10, 64)
	if err != nil || v < 1 || len(op) > 64 {
		return data.Token{}
	}
	return data.Token{Version: v, Op: data.OpID(op)}
}

func parseLine(r *reply) data.Line {
	id := data.ProductID(r.text())
	l := data.Line{Product: data.Product{ID: id}}
	l.Quantity, l.Damaged = data.ReadQuantity(r.text())
	l.Added, l.Changed, l.By = parseTouched(r.text())
	name, price, barcode, stock := r.text(), r.text(), r.text(), r.text()
	if name != "" || price != "" {
		l.Known = true
		l.Product = data.ReadProduct(id, name, price, barcode, stock)
	}
	return l
}

// parseTouched reads a line's record "added changed counter quantity", of which
// the last is not needed and was not always there; what cannot be read is
// unknown.
func parseTouched(s string) (added, changed time.Time, by string) {
	f := strings.Split(s, " ")
	if len(f) != 3 && len(f) != 4 {
		return
	}
	added, okA := parseTime(f[0])
	changed, okC := parseTime(f[1])
	if !okA || !okC {
		return time.Time{}, time.Time{}, ""
	}
	return added, changed, data.UnescapeCounter(f[2])
}

func parseTime(micros string) (time.Time, bool) {
	n, err := strconv.ParseInt(micros, 10, 64)
	const latest = 1 << 53 // the year 2255
	if err != nil || n < 0 || n > latest {
		return time.Time{}, false
	}
	return data.FromMicros(n), true
}
