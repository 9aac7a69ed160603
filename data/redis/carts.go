package redis

import (
	"cmp"
	"context"
	"slices"
	"time"

	"trolley/data"
)

// Carts implements [data.Backend].
func (s *Store) Carts(ctx context.Context, v data.Visit) ([]data.CartInfo, error) {
	if err := checkVisit(v); err != nil {
		return nil, err
	}
	args := []any{s.keys.tag, data.HereLife.Milliseconds(), v.Session, data.EscapeCounter(v.Counter), data.MaxCarts, s.limits.Lines}
	for _, cart := range v.Open {
		args = append(args, string(cart))
	}
	answer, err := cartsScript.Run(ctx, s.client, []string{s.keys.carts(), s.keys.here()}, args...).Slice()
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return parseCarts(answer, time.Now())
}

func checkVisit(v data.Visit) error {
	if _, err := data.ParseCartID(v.Session); err != nil || len(v.Session) > 64 {
		return &data.InvalidError{What: "session", Value: data.Clean(v.Session, 40), Reason: "it is not one of ours"}
	}
	if err := data.CheckCounter(v.Counter); err != nil {
		return err
	}
	if len(v.Open) > data.MaxOpen {
		return &data.InvalidError{What: "carts", Reason: "too many are open"}
	}
	for _, cart := range v.Open {
		if _, err := data.ParseCartID(string(cart)); err != nil {
			return err
		}
	}
	return nil
}

// parseCarts reads the answer of the carts script, which came in at now.
func parseCarts(answer []any, now time.Time) ([]data.CartInfo, error) {
	r := &reply{rest: answer}
	here, err := parseHere(r.list())
	if err != nil {
		return nil, err
	}
	var list []data.CartInfo
	for len(r.rest) > 0 && r.err == nil {
		entry := &reply{rest: r.list()}
		info := parseInfo(entry, now)
		if entry.err != nil {
			return nil, entry.damaged()
		}
		info.Here = here[info.ID]
		list = append(list, info)
	}
	slices.SortFunc(list, func(a, b data.CartInfo) int { return cmp.Compare(a.ID, b.ID) })
	return list, r.damaged()
}

// parseHere reads who has which cart open.
func parseHere(parts []any) (map[data.CartID][]data.Here, error) {
	r, here := &reply{rest: parts}, map[data.CartID][]data.Here{}
	for len(r.rest) > 0 {
		h := data.Here{Session: data.Clean(r.text(), 64), Counter: data.UnescapeCounter(r.text())}
		cart := data.CartID(r.text())
		here[cart] = append(here[cart], h)
	}
	for _, h := range here {
		slices.SortFunc(h, func(a, b data.Here) int {
			return cmp.Or(cmp.Compare(a.Counter, b.Counter), cmp.Compare(a.Session, b.Session))
		})
	}
	return here, r.damaged()
}

func parseInfo(r *reply, now time.Time) data.CartInfo {
	info := data.CartInfo{ID: data.CartID(r.text()), Name: data.Clean(r.text(), data.MaxCartNameLen)}
	info.Lines, info.Items = int(r.number()), r.number()
	info.Total = data.Money(r.number()*1_000_000 + r.number())
	info.Exact, info.Began = r.number() == 1, r.when()
	if left := r.number(); left >= 0 {
		info.Expires = now.Add(time.Duration(left) * time.Millisecond)
	}
	if e, err := data.ParseEvent(r.text()); err == nil {
		info.Last = e
	}
	return info
}
