package data

import "time"

// Stage is one step of finding out whether a store can be used. They come in
// the order of the constants; a store leaves out those that it does not have.
type Stage string

// The stages of a preflight.
const (
	StageFind    Stage = "find"    // the server's name is known
	StageReach   Stage = "reach"   // the computer answers, and something listens
	StageEncrypt Stage = "encrypt" // the connection is encrypted, and to the right server
	StageSignIn  Stage = "sign in" // user and password are right
	StageServer  Stage = "server"  // it is of a kind and version that will do
	StageWrite   Stage = "write"   // it takes writes: no replica, and room is left
	StageRights  Stage = "rights"  // the user may do all that a cart needs
	StageAnswer  Stage = "answer"  // how long an answer takes
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
	ConcernPlain      Concern = "not encrypted"         // everybody on the network can read along
	ConcernUnverified Concern = "not verified"          // encrypted, but to whom is not checked
	ConcernCertEnds   Concern = "certificate ends soon" // within CertSoon
	ConcernEvicts     Concern = "evicts"                // it drops keys when memory is short
	ConcernForget     Concern = "forgets"               // a restart loses what came in since the last save, or all
	ConcernClock      Concern = "clock"                 // the two clocks differ by more than a minute
)

// CertSoon is how long before the end of a certificate a preflight warns of it.
const CertSoon = 14 * 24 * time.Hour

// Finding is the outcome of one stage. Facts and the fields after it are known
// for some stages only, and whatever the verdict.
type Finding struct {
	Stage   Stage
	Verdict Verdict
	Concern Concern // Warned: of what
	Err     error   // Failed: as a change would meet it
	// Facts are names, numbers and versions, in no language, such as "10.0.0.5",
	// "TLS 1.3", "Redis 7.0.15" or the rights that are missing; no secret.
	Facts string

	Until time.Time     // StageEncrypt: the end of the server's certificate; zero: unknown
	Local bool          // StageEncrypt: not encrypted, and it does not leave this computer
	Took  time.Duration // StageAnswer: from a question to its answer, the median of three
	Ahead time.Duration // StageClock, warned: how far the store's clock is ahead; negative: behind
}
