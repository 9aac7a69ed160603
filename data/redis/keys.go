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

// events is the channel of a cart.
func (k keyspace) events(id data.CartID) string { return k.tag + "ev:" + string(id) }

// catalogue is the channel of the products. Every cart's channel has a colon
// after "ev", so that no cart can be called by this name.
func (k keyspace) catalogue() string { return k.tag + "evp" }
