// Package data is the shop without its window: products, carts, the rules of
// changing them, and the live view of one cart.
//
// # Contract
//
// A [Backend] is a store that holds one shop: [trolley/data/redis] on a Redis
// server, [trolley/data/local] in a file of this computer. Both obey the same
// rules, and the suite in [trolley/data/backendtest] holds them to it:
//
//   - Every change is one atomic step and carries an operation id. Repeating it
//     with the same id changes nothing and gives the first answer, so every
//     retry is safe: ours, the driver's, after an outage, after a crash.
//   - Every applied change gives the cart a new [Token] and one [Event].
//   - Reads never renew a cart's timeout; changes and Keep do. The store's own
//     clock decides.
//   - What a store holds is hostile until checked: damaged values come back as
//     damaged lines and products, never as a panic or a partly applied change.
//
// A [Session] owns the live view of one cart. It takes changes, sends them one
// after another until each has a definite answer, follows the events of other
// counters, polls as a safety net, and publishes immutable [State] values on a
// channel of one place in which the newest wins. Slices inside a State are
// never changed after it was published.
//
// # Goroutines
//
// A Session owns five, all started by [Open] and all ended by [Session.Close]:
// the loop (owns every field of the view, never waits for the store), the
// sender (one change in flight), the reader (one read in flight), the watcher
// (events) and the cataloguer (products). They talk by channels; there is no
// mutex.
package data
