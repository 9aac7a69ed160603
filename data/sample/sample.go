// Package sample holds the catalogue of a small coffee bar and grocery, with
// which a new shop can be tried out.
package sample

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"trolley/data"
)

// productsCSV has a heading, then one product a line; no stock means that it is
// not counted. The barcodes are of the range that shops number by themselves
// (20 to 29), so that none belongs to somebody's product.
//
//go:embed products.csv
var productsCSV string

// Products returns the sample catalogue, in the order of a menu.
func Products() []data.Product {
	rows, err := csv.NewReader(strings.NewReader(productsCSV)).ReadAll()
	if err != nil {
		panic(err) // part of the program, and tested
	}
	products := make([]data.Product, 0, len(rows))
	for _, row := range rows[1:] {
		p, err := parse(row)
		if err != nil {
			panic(err)
		}
		products = append(products, p)
	}
	return products
}

// parse reads the fields id, name, price, barcode, stock.
func parse(row []string) (data.Product, error) {
	p := data.Product{ID: data.ProductID(row[0]), Name: row[1], Barcode: row[3], Stock: data.Unlimited}
	var err error
	if p.Price, err = data.ParseMoney(row[2]); err != nil {
		return p, fmt.Errorf("sample product %q: %w", p.ID, err)
	}
	if row[4] == "" {
		return p, nil
	}
	if p.Stock, err = strconv.ParseInt(row[4], 10, 64); err != nil {
		return p, fmt.Errorf("stock of sample product %q: %w", p.ID, err)
	}
	return p, nil
}

// Load puts the sample catalogue into an empty shop. A shop that has products
// is left as it is, and the answer is [data.ErrNotEmpty]; except that a Load
// that was cut short can be repeated.
func Load(ctx context.Context, shop data.Backend) error {
	missing, err := missingFrom(ctx, shop)
	if err != nil {
		return err
	}
	for _, p := range missing {
		if err := shop.CreateProduct(ctx, p); err != nil {
			return fmt.Errorf("loading sample product %q: %w", p.ID, err)
		}
	}
	return nil
}

// missingFrom returns the sample products that the shop does not have, and
// ErrNotEmpty when it has all or any other product.
func missingFrom(ctx context.Context, shop data.Backend) ([]data.Product, error) {
	present := make(map[data.Product]bool)
	err := shop.Products(ctx, func(page []data.Product) bool {
		for _, p := range page {
			present[p] = true
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("looking whether the shop is empty: %w", err)
	}
	var missing []data.Product
	for _, p := range Products() {
		if !present[p] {
			missing = append(missing, p)
		}
		delete(present, p)
	}
	if len(present) > 0 || len(missing) == 0 {
		return nil, data.ErrNotEmpty
	}
	return missing, nil
}
