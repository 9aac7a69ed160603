package data

import (
	"errors"
	"testing"
)

func TestErrorsTellWhatHappened(t *testing.T) {
	for want, err := range map[string]error{
		`price "x" cannot be used: it is empty`:                  &InvalidError{What: "price", Value: "x", Reason: "it is empty"},
		`quantity of "p": 5 asked for, 1 in the cart, at most 4`: &QuantityError{"p", 5, 1, 4},
		`only 3 of "p" in stock, 1 in the cart`:                  &StockError{"p", 1, 3},
		"the cart has 9 lines already":                           &FullError{9},
		`"p" is not in the cart`:                                 &NotInCartError{Product: "p"},
		`quantity of "p" is 2, not 1`:                            &ConflictError{Product: "p", Seen: 1, Now: 2},
		"the store holds damaged data: x":                        &DamagedError{"x"},
		"store unavailable (full)":                               &UnavailableError{Fault: FaultFull},
		"store unavailable (cut): connection reset":              &UnavailableError{Fault: FaultCut, Cause: errors.New("connection reset")},
	} {
		if err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	}
	cause := errors.New("why")
	if err := error(&UnavailableError{Fault: FaultCut, Cause: cause}); FaultOf(err) != FaultCut || !errors.Is(err, cause) {
		t.Errorf("%v hides its cause", err)
	}
	if FaultOf(cause) != FaultNone || FaultOf(nil) != FaultNone {
		t.Error("a fault where there is none")
	}
}
