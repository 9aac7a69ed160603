package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"trolley/data"
)

// row is a waiting change as it is stored. It is known by place, cart and op.
type row struct {
	seq             int64
	place, cart, op string
	made            int64 // µs since 1970; 0: unknown
	change          string
}

// storedChange is the form of a change in a row. Names and ids that came from
// the store may hold any bytes, which texts in JSON cannot.
type storedChange struct {
	Op       data.OpID `json:"op"`
	Kind     data.Kind `json:"kind"`
	Product  []byte    `json:"product,omitempty"`
	Quantity int64     `json:"quantity,omitempty"`
	Text     []byte    `json:"text,omitempty"`
	Seen     int64     `json:"seen,omitempty"`
	Version  int64     `json:"version,omitempty"` // of the token
	Last     []byte    `json:"last,omitempty"`    // operation of the token
	By       string    `json:"by"`
	At       time.Time `json:"at,omitzero"`
	Name     []byte    `json:"name,omitempty"`
	Want     int64     `json:"want,omitempty"`
	Undoes   []byte    `json:"undoes,omitempty"`
	Oversell bool      `json:"oversell,omitempty"`
}

// anyQuantity leaves it to the session how much is too much, as limits may have
// been changed since.
var anyQuantity = data.Limits{Quantity: 1 << 53}

func encodeRow(place string, cart data.CartID, c data.Change) (row, error) {
	if err := c.Check(anyQuantity); err != nil {
		return row{}, err
	}
	text, err := json.Marshal(storedChange{
		Op: c.Op, Kind: c.Kind, Product: []byte(c.Product), Quantity: c.Quantity, Text: []byte(c.Text), Seen: c.Seen,
		Version: c.Token.Version, Last: []byte(c.Token.Op),
		By: c.By, At: c.At, Name: []byte(c.Name), Want: c.Want, Undoes: []byte(c.Undoes), Oversell: c.Oversell,
	})
	if err != nil {
		return row{}, fmt.Errorf("writing down change %s: %w", c.Op, err)
	}
	return row{place: place, cart: string(cart), op: string(c.Op), made: micros(c.At), change: string(text)}, nil
}

func (r row) decode() (data.Change, error) {
	var s storedChange
	if err := json.Unmarshal([]byte(r.change), &s); err != nil {
		return data.Change{}, fmt.Errorf("reading a change: %w", err)
	}
	if string(s.Op) != r.op {
		return data.Change{}, errors.New("reading a change: it is filed under another operation")
	}
	c := data.Change{
		Op: s.Op, Kind: s.Kind, Product: data.ProductID(s.Product), Quantity: s.Quantity, Text: string(s.Text), Seen: s.Seen,
		Token: data.Token{Version: s.Version, Op: data.OpID(s.Last)},
		By:    s.By, At: s.At, Name: string(s.Name), Want: s.Want, Undoes: data.OpID(s.Undoes), Oversell: s.Oversell,
	}
	return c, c.Check(anyQuantity)
}
