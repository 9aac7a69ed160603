package data

import (
	"strconv"
	"strings"
)

// Unlimited is the stock of a product whose stock is not counted.
const Unlimited = -1

// Longest texts kept of a product, in bytes; longer ones are cut.
const (
	MaxNameLen    = 512
	MaxBarcodeLen = 64
)

// Product is something the shop sells.
type Product struct {
	ID      ProductID
	Name    string
	Price   Money
	Barcode string // empty: none
	Stock   int64  // Unlimited: not counted
	Damaged string // why the stored product cannot be used; empty: it can
}

// Check reports the first thing about a new product that cannot be stored.
func (p Product) Check() error {
	if _, err := ParseProductID(string(p.ID)); err != nil {
		return err
	}
	switch {
	case p.Name == "":
		return &InvalidError{What: "name", Reason: "it is empty"}
	case Clean(p.Name, MaxNameLen) != p.Name:
		return &InvalidError{What: "name", Value: Clean(p.Name, 40), Reason: "it is too long or holds characters that cannot be shown"}
	case p.Price < 0 || p.Price > MaxPrice:
		return &InvalidError{What: "price", Value: p.Price.String(), Reason: "it is not between 0 and " + MaxPrice.String()}
	case p.Stock < Unlimited || p.Stock > maxInt:
		return &InvalidError{What: "stock", Value: strconv.FormatInt(p.Stock, 10), Reason: "it is below zero or too large"}
	case Clean(p.Barcode, MaxBarcodeLen) != p.Barcode || strings.Contains(p.Barcode, " "):
		return &InvalidError{What: "barcode", Value: Clean(p.Barcode, 40), Reason: "it is too long or holds characters that a barcode cannot"}
	}
	return nil
}

// maxInt is the largest whole number that every store counts exactly: below
// 2^53, as Lua and a sorted set's scores are floating point.
const maxInt = 9_007_199_254_740_000

// ReadProduct makes a Product of stored texts, which may be anything. An empty
// stock means unlimited.
func ReadProduct(id ProductID, name, price, barcode, stock string) Product {
	p := Product{ID: id, Name: Clean(name, MaxNameLen), Barcode: Clean(barcode, MaxBarcodeLen), Stock: Unlimited}
	if p.Name == "" {
		p.Damaged = "it has no name"
	}
	units, err := strconv.ParseUint(price, 10, 63) // digits only, no sign
	if err != nil || units > uint64(MaxPrice) {
		p.Damaged = "its price cannot be read"
		units = 0
	}
	p.Price = Money(units)
	if stock != "" {
		n, err := strconv.ParseUint(stock, 10, 63)
		if err != nil || n > maxInt {
			p.Damaged = "its stock cannot be read"
		} else {
			p.Stock = int64(n)
		}
	}
	return p
}
