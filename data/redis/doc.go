// Package redis is the [data.Backend] on a Redis server: a single one, one
// behind Sentinel, or a Cluster.
//
// # What is stored
//
// Everything of a shop lies under one hash tag, so that every rule can be kept
// in one atomic step on each of the three.
//
//	{shop}:product:<id>     Hash        name, price (minor units), barcode, stock; the last two may be missing
//	{shop}:products         Sorted Set  the ids of the catalogue, score 0
//	{shop}:cart:<cart>      Sorted Set  product id, score quantity
//	{shop}:cartmeta:<cart>  Hash        v: count of changes, o: id of the last one,
//	                                    l:<product>: "added-ms changed-ms counter" of the last change of that line,
//	                                    l: the same of the last clear
//	{shop}:op:<cart>:<op>   String      "version quantity was fingerprint", the first answer; for a week
//
// The cart and its meta share one sliding timeout. Two kinds of channel carry
// what happens: {shop}:ev:<cart> the events of a cart, in the form of
// [data.Event.Encode], and {shop}:evp the ids of new products.
//
// # How it is changed
//
// Each family of changes is one Lua script of the lua folder, sent by its hash
// and in full where the server does not know it. The driver's own retries are
// off: a change whose answer was lost is sent again by whoever made it, with
// the same operation id, and the script answers with the first result.
package redis
