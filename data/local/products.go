package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"trolley/data"
)

// pageSize is how many products are read at once.
const pageSize = 500

// A product whose id is too long for any change is none.
var selectProduct = fmt.Sprintf("SELECT id, %s, CAST(price AS TEXT), %s, coalesce(CAST(stock AS TEXT), '') FROM product WHERE octet_length(id) <= %d AND ",
	cut("name", maxName), cut("barcode", maxBarcode), maxProduct)

// Products implements [data.Backend]. The pages come in the order of the ids;
// yield runs while nothing is held, and may call the store.
func (s *Store) Products(ctx context.Context, yield func([]data.Product) bool) error {
	last := data.ProductID("")
	for {
		page, err := s.productsAfter(ctx, last)
		if err != nil || len(page) == 0 || !yield(page) || len(page) < pageSize {
			return err
		}
		last = page[len(page)-1].ID
	}
}

func (s *Store) productsAfter(ctx context.Context, last data.ProductID) ([]data.Product, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	page, err := s.readProducts(ctx, last)
	return page, s.fault("reading the catalogue", err)
}

func (s *Store) readProducts(ctx context.Context, last data.ProductID) ([]data.Product, error) {
	rows, err := s.readers.QueryContext(ctx, selectProduct+"id > ? ORDER BY id LIMIT ?", last, pageSize)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	page := make([]data.Product, 0, pageSize)
	for rows.Next() {
		p, err := scanProduct(rows.Scan)
		if err != nil {
			return nil, err
		}
		page = append(page, p)
	}
	return page, rows.Err()
}

func scanProduct(scan func(...any) error) (data.Product, error) {
	var id data.ProductID
	var name, price, barcode, stock string
	if err := scan(&id, &name, &price, &barcode, &stock); err != nil {
		return data.Product{}, err
	}
	return data.ReadProduct(id, name, price, barcode, stock), nil
}

// Product implements [data.Backend].
func (s *Store) Product(ctx context.Context, id data.ProductID) (data.Product, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return data.Product{}, err
	}
	defer leave()
	p, err := scanProduct(s.readers.QueryRowContext(ctx, selectProduct+"id = ?", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return data.Product{}, data.ErrUnknownProduct
	}
	return p, s.fault("reading a product", err)
}

// CreateProduct implements [data.Backend].
func (s *Store) CreateProduct(ctx context.Context, p data.Product) error {
	if err := p.Check(); err != nil {
		return err
	}
	p.Damaged = ""
	return s.write(ctx, func(t *tx) error {
		there, err := t.product(p.ID)
		switch {
		case err == nil && there == p:
			return nil
		case err == nil:
			return data.ErrProductExists
		case !errors.Is(err, data.ErrUnknownProduct):
			return err
		}
		return t.putProduct(p)
	})
}

func (t *tx) product(id data.ProductID) (p data.Product, err error) {
	found := false
	p, err = scanProduct(func(dest ...any) error {
		found, err = t.row(selectProduct+"id = ?", []any{id}, dest...)
		return err
	})
	if err == nil && !found {
		err = data.ErrUnknownProduct
	}
	return p, err
}

func (t *tx) putProduct(p data.Product) error {
	stock := sql.NullInt64{Int64: p.Stock, Valid: p.Stock != data.Unlimited}
	err := t.exec("INSERT INTO product (id, name, price, barcode, stock) VALUES (?, ?, ?, ?, ?)",
		p.ID, p.Name, int64(p.Price), p.Barcode, stock)
	if err != nil {
		return err
	}
	return t.announce("", "")
}
