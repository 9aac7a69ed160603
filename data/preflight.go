package data

// Stage is one step of finding out whether a store can be used. They come in
// the order of the constants; a store leaves out those that it does not have.
type Stage string

// The stages of a preflight.
const (
	StageReach   Stage = "reach"   // the name is known, the computer answers, something listens
	StageEncrypt Stage = "encrypt" // the connection is encrypted, and to the right server
	StageSignIn  Stage = "sign in" // user and password are right
	StageServer  Stage = "server"  // it is of a kind and version that will do
	StageWrite   Stage = "write"   // it takes writes: no replica, and room is left
	StageRights  Stage = "rights"  // the user may do all that a cart needs
	StageKeep    Stage = "keep"    // it will not drop carts or forget them
	StageClock   Stage = "clock"   // its clock and that of this computer agree
)

// Verdict is how a stage went.
type Verdict int

const (
	// Fine means that nothing is wrong.
	Fine Verdict = iota
	// Unknown means that the store does not tell.
	Unknown
	// Warned means that carts work, but something should be mended.
	Warned
	// Failed means that carts cannot be changed; later stages are left out.
	Failed
)

// Concern says what a stage warns of.
type Concern string

// The concerns of a preflight.
const (
	ConcernPlain  Concern = "not encrypted" // everybody on the network can read along
	ConcernEvicts Concern = "evicts"        // it drops keys when memory is short
	ConcernForget Concern = "forgets"       // a restart loses what came in since the last save, or all
	ConcernClock  Concern = "clock"         // the two clocks differ by more than a minute
)

// Finding is the outcome of one stage.
type Finding struct {
	Stage   Stage
	Verdict Verdict
	Concern Concern // Warned: of what
	Err     error   // Failed: as a change would meet it
	Facts   string  // such as "Redis 7.0.15" or the name of a missing right; no secret; may be empty
}
