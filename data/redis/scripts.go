package redis

import (
	_ "embed"

	"github.com/redis/go-redis/v9"
)

var (
	//go:embed lua/mutate.lua
	mutateSource string
	//go:embed lua/clear.lua
	clearSource string
	//go:embed lua/keep.lua
	keepSource string
	//go:embed lua/read.lua
	readSource string
	//go:embed lua/product.lua
	productSource string
)

// mutateScript adds, steps, sets or removes one line of a cart.
//
// Keys: cart, meta, operation record, product.
//
// Arguments: kind, product id, quantity, quantity seen, most of one line, most
// lines, timeout in ms (0: never), life of the operation record in ms, channel,
// operation id, counter, fingerprint.
//
// Reply: OK version prev quantity was added changed | DUP version quantity was
// | OPREUSE | RANGE have | NOPRODUCT | STOCK have left | FULL
// | ABSENT changed counter | CONFLICT now changed counter | DAMAGED what.
var mutateScript = redis.NewScript(mutateSource)

// clearScript empties a cart that still is the one the person saw.
//
// Keys: cart, meta, operation record.
//
// Arguments: token seen, timeout in ms (0: never), life of the operation record
// in ms, channel, operation id, counter, fingerprint.
//
// Reply: OK version prev 0 lines 0 changed | DUP version 0 lines | OPREUSE | CHANGED.
var clearScript = redis.NewScript(clearSource)

// keepScript renews the timeout of a cart.
//
// Keys: cart, meta. Arguments: timeout in ms (0: never). Reply: OK.
var keepScript = redis.NewScript(keepSource)

// readScript reads a cart with the details of its products.
//
// Keys: cart, meta, operation record asked about.
//
// Arguments: known token or empty, most lines, product key without the id.
//
// Reply: SAME ms-left record | OK ms-left record version operation lines, and
// for each line: product, quantity, "added changed counter", name, price,
// barcode, stock.
var readScript = redis.NewScript(readSource)

// productScript puts a new product in the catalogue.
//
// Keys: product, index. Arguments: product id, channel, name, price, barcode or
// empty, stock or empty. Reply: OK | SAME | EXISTS.
var productScript = redis.NewScript(productSource)
