package data

import (
	"errors"
	"fmt"
	"time"
)

// Refusals: the store is sound and answered that the change cannot be. Nothing
// was changed and nothing kept of the operation. All are found with errors.Is
// or errors.As.
var (
	// ErrUnknownProduct means that the catalogue has no such product.
	ErrUnknownProduct = errors.New("the catalogue has no such product")
	// ErrProductExists means that a new product's id is taken.
	ErrProductExists = errors.New("a product with this id is there already")
	// ErrCartChanged means that the cart is not the one the person saw.
	ErrCartChanged = errors.New("the cart was changed meanwhile")
	// ErrOpReused means that an operation id came again with another change.
	ErrOpReused = errors.New("the operation id was used for another change")
	// ErrNotEmpty means that a sample catalogue was to be loaded into a shop
	// that has products.
	ErrNotEmpty = errors.New("the shop has products already")
	// ErrTooLate means that a change waited longer than stores remember
	// operations: whether an earlier attempt to make it succeeded is not known,
	// and trying again could make it twice.
	ErrTooLate = errors.New("it waited too long to be sent again safely")
	// ErrClosed means that the store or session was closed.
	ErrClosed = errors.New("closed")
)

// InvalidError says why something a person or a file gave cannot be used.
type InvalidError struct {
	What   string // such as "price"
	Value  string // as given, cut and fit to be shown; never a secret
	Reason string // such as "it is empty"
}

func (e *InvalidError) Error() string {
	return fmt.Sprintf("%s %q cannot be used: %s", e.What, e.Value, e.Reason)
}

// QuantityError says that a line cannot have that quantity.
type QuantityError struct {
	Product ProductID
	Asked   int64 // the change's quantity
	Have    int64 // the line's quantity now
	Max     int64
}

func (e *QuantityError) Error() string {
	return fmt.Sprintf("quantity of %q: %d asked for, %d in the cart, at most %d", e.Product, e.Asked, e.Have, e.Max)
}

// StockError says that there is not enough.
type StockError struct {
	Product ProductID
	Have    int64 // the line's quantity now
	Left    int64 // the stock
}

func (e *StockError) Error() string {
	return fmt.Sprintf("only %d of %q in stock, %d in the cart", e.Left, e.Product, e.Have)
}

// FullError says that the cart has as many lines as it may.
type FullError struct{ Max int }

func (e *FullError) Error() string { return fmt.Sprintf("the cart has %d lines already", e.Max) }

// NotInCartError says that the line is not there, and who took it out where
// that is known.
type NotInCartError struct {
	Product ProductID
	By      string    // empty: unknown
	At      time.Time // zero: unknown
}

func (e *NotInCartError) Error() string { return fmt.Sprintf("%q is not in the cart", e.Product) }

// ConflictError says that a line no longer holds what the person saw.
type ConflictError struct {
	Product ProductID
	Seen    int64
	Now     int64
	By      string    // who changed it; empty: unknown
	At      time.Time // zero: unknown
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("quantity of %q is %d, not %d", e.Product, e.Now, e.Seen)
}

// DamagedError says that the store holds something that cannot be used, and
// that nothing was changed.
type DamagedError struct{ What string }

func (e *DamagedError) Error() string { return "the store holds damaged data: " + e.What }

// UnavailableError says that the store could not be used. The change may or may
// not have been made: only sending it again with the same operation id tells.
type UnavailableError struct {
	Fault Fault
	Addr  string // "host:port" or a file; empty: unknown
	// About is what the fault is about, in no language, where more is known. What
	// comes from a server is cleaned and at most 200 characters long:
	//
	//	FaultWrongName                   the names the certificate is for, at most three: "a.shop, b.shop"
	//	FaultCertExpired, FaultCertEarly the end and the beginning of its time, as 2027-03-03T12:00:00Z
	//	FaultUntrusted                   who has signed it
	//	FaultNeedsAuth, FaultWrongAuth   the user; empty: none was given
	//	FaultNoPermission                the first right that is missing: "hset on {main}:cart:*" or "hset"
	//	FaultNoDatabase                  its number
	//	FaultMode                        what it is: AboutSingle or AboutSentinel
	//	FaultNoMaster                    the name asked for
	//	FaultUnsupported                 what it said it was: "Redis 5.0.7" or "HTTP/1.1 400 Bad Request"
	About string
	Cause error // for the log; holds no secret
}

func (e *UnavailableError) Error() string {
	if e.Cause == nil {
		return fmt.Sprintf("store unavailable (%s)", e.Fault)
	}
	return fmt.Sprintf("store unavailable (%s): %v", e.Fault, e.Cause)
}

func (e *UnavailableError) Unwrap() error { return e.Cause }

// FaultOf returns the fault of an error chain, FaultNone when it has none.
func FaultOf(err error) Fault {
	var u *UnavailableError
	if errors.As(err, &u) {
		return u.Fault
	}
	return FaultNone
}
