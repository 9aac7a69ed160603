package redis

import "trolley/data"

// keyspace names the keys and channels of one shop.
type keyspace struct{ tag string }

func newKeyspace(shop string) keyspace { return keyspace{"{" + shop + "}:"} }

func (k keyspace) products() string                 { return k.tag + "products" }
func (k keyspace) product(id data.ProductID) string { return k.productPrefix() + string(id) }
func (k keyspace) productPrefix() string            { return k.tag + "product:" }
func (k keyspace) cart(id data.CartID) string       { return k.tag + "cart:" + string(id) }
func (k keyspace) meta(id data.CartID) string       { return k.tag + "cartmeta:" + string(id) }
func (k keyspace) op(id data.CartID, op data.OpID) string {
	return k.tag + "op:" + string(id) + ":" + string(op)
}

func (k keyspace) past(id data.CartID, op data.OpID) string {
	return k.tag + "past:" + string(id) + ":" + string(op)
}

// The lists of a shop: its open carts, who has them open, and what has ended.
func (k keyspace) carts() string  { return k.tag + "carts" }
func (k keyspace) here() string   { return k.tag + "here" }
func (k keyspace) pasts() string  { return k.tag + "past" }
func (k keyspace) orders() string { return k.tag + "orders" }

// events is the channel of a cart.
func (k keyspace) events(id data.CartID) string { return k.tag + "ev:" + string(id) }

// catalogue is the channel of the products. Every cart's channel has a colon
// after "ev", so that no cart can be called by this name.
func (k keyspace) catalogue() string { return k.tag + "evp" }
