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
	//go:embed lua/page.lua
	pageSource string
	//go:embed lua/product.lua
	productSource string
	//go:embed lua/preflight.lua
	preflightSource string
)

// The scripts. What goes in and what comes out stands in the head of each.
var (
	mutateScript    = redis.NewScript(mutateSource)    // adds, steps, sets or removes one line of a cart
	clearScript     = redis.NewScript(clearSource)     // empties a cart that still is the one the person saw
	keepScript      = redis.NewScript(keepSource)      // renews the timeout of a cart
	readScript      = redis.NewScript(readSource)      // reads a cart with the details of its products
	pageScript      = redis.NewScript(pageSource)      // reads a page of the catalogue, or one product
	productScript   = redis.NewScript(productSource)   // puts a new product in the catalogue
	preflightScript = redis.NewScript(preflightSource) // finds out which rights the user lacks
)
