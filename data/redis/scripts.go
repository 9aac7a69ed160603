package redis

import (
	_ "embed"

	"github.com/redis/go-redis/v9"
)

// What scripts have in common.
var (
	//go:embed lua/cart.lua
	cartSource string
	//go:embed lua/ending.lua
	endingSource string
)

var (
	//go:embed lua/mutate.lua
	mutateSource string
	//go:embed lua/whole.lua
	wholeSource string
	//go:embed lua/keep.lua
	keepSource string
	//go:embed lua/read.lua
	readSource string
	//go:embed lua/carts.lua
	cartsSource string
	//go:embed lua/past.lua
	pastSource string
	//go:embed lua/activity.lua
	activitySource string
	//go:embed lua/page.lua
	pageSource string
	//go:embed lua/product.lua
	productSource string
	//go:embed lua/preflight.lua
	preflightSource string
)

// The scripts. What goes in and what comes out stands in the head of each.
var (
	mutateScript    = redis.NewScript(cartSource + mutateSource)              // adds, steps, sets or removes one line of a cart
	wholeScript     = redis.NewScript(cartSource + wholeSource)               // clears, checks out or names a cart
	keepScript      = redis.NewScript(cartSource + keepSource)                // renews the timeout of a cart
	readScript      = redis.NewScript(cartSource + endingSource + readSource) // reads a cart with the details of its products
	cartsScript     = redis.NewScript(cartSource + cartsSource)               // lists the open carts, and notes who has them open
	pastScript      = redis.NewScript(cartSource + endingSource + pastSource) // lists carts that ended
	activityScript  = redis.NewScript(cartSource + activitySource)            // reads the last changes of a cart
	pageScript      = redis.NewScript(pageSource)                             // reads a page of the catalogue, or one product
	productScript   = redis.NewScript(productSource)                          // puts a new product in the catalogue
	preflightScript = redis.NewScript(preflightSource)                        // finds out which rights the user lacks
)
