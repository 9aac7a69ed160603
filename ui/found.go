package ui

import (
	"errors"
	"strings"
)

// requested is what the search box asks for at the moment; an *inputError says
// why it cannot be done. A product's own name or code asks for one of it.
func (w *Window) requested() (entryRequest, error) {
	text := strings.TrimSpace(w.search.Text)
	if _, ok := w.model.state.Catalogue.Find(text); ok {
		return entryRequest{Quantity: 1, Text: text}, nil
	}
	return parseEntry(text, w.cart.Limits().Quantity)
}

// textFound stands below the products: how many match, and what Enter would do.
// Of a quantity that cannot be used the list itself tells.
func (w *Window) textFound() string {
	req, err := w.requested()
	if wrong := (*inputError)(nil); errors.As(err, &wrong) {
		return ""
	}
	return textProducts(len(w.model.products), w.model.state.Catalogue.Len(), req)
}

// nothingFound says in the place of the products why there are none.
func (w *Window) nothingFound() emptySpec {
	req, err := w.requested()
	var wrong *inputError
	switch {
	case errors.As(err, &wrong):
		return emptySpec{title: wrong.Reason}
	case req.Take:
		return emptySpec{title: textNoMatch(w.model.query)}
	}
	return emptySpec{title: textNoMatch(w.model.query), hint: textNoMatchHint.say()}
}
