package data

import "time"

// State is one immutable picture of a cart and its shop, as a window shows it.
type State struct {
	Catalogue *Catalogue // nil until it was loaded; the same pointer while nothing changed
	Cart      Cart       // the store's cart with the waiting changes laid over it
	Loaded    bool       // the cart was read at least once
	Taken     int        // how many changes were submitted so far; all of them are in this picture
	Waiting   []Change   // not yet confirmed by the store, oldest first
	Refused   []Refusal  // answered with no and not yet settled by the person, oldest first
	News      []Event    // the last changes, this counter's own as well, oldest first
	Emptied   *Cart      // what this session's last clear took out, under the token of the clear; nil: unknown
	Lost      *Cart      // the cart as it was before the store lost a part of it for good; otherwise nil
	Unread    bool       // what an earlier run of the program left behind cannot be read from the disk
	Unkept    int        // how many of Waiting are in memory only, as the disk does not take them
	Resumed   int        // how many changes an earlier run of the program had left behind
	Mending   int        // questions still open about confirmed changes that the store may have lost
	Checks    []Finding  // of the last preflight; nil: there was none yet
	Link      Link
}

// Refusal is a change that the store answered with no.
type Refusal struct {
	Change Change
	Err    error // one of this package's refusals
	At     time.Time
	With   []OpID // changes that built on this one and went with it
	Late   bool   // it waited through an outage or a restart; the person has long gone on
	Lost   bool   // it had been confirmed; then the store lost it, and it could not be made again
}

// Phase says how the store can be used at the moment.
type Phase string

// The phases of a link.
const (
	Connecting Phase = "connecting" // nothing was read yet
	Live       Phase = "live"       // changes of others arrive at once
	Polling    Phase = "polling"    // they arrive by asking, within seconds
	ReadOnly   Phase = "read only"  // the store is read and refuses writes; changes wait
	Offline    Phase = "offline"    // the store cannot be reached; changes wait
	Broken     Phase = "broken"     // it refuses this counter until a person does something
)

// Link is the state of the connection to the store.
type Link struct {
	Phase  Phase
	Since  time.Time // when the phase began
	Fresh  time.Time // when the cart was last known to be as shown; zero: never
	Addr   string    // of the store, as far as an error told; empty: unknown
	Fault  Fault     // why the phase is not Live; FaultNone where there is no more to say
	Ever   bool      // the store was reached at least once in this session
	Failed int       // attempts since it last answered
	Outage int       // counts the outages of this session, so that each can be told once
}

// Usable reports whether changes are taken by the store at the moment.
func (l Link) Usable() bool { return l.Phase == Live || l.Phase == Polling }

// latest is a channel of one place in which a new value replaces one that
// nobody has taken. Only one goroutine may put.
type latest[T any] chan T

func (c latest[T]) put(v T) {
	select {
	case <-c:
	default:
	}
	c <- v
}
