package redis

import (
	"context"
	"strconv"

	"trolley/data"
)

// pageSize is how many products travel at a time; reading them takes the server
// one or two milliseconds.
const pageSize = 500

// Products implements [data.Backend].
func (s *Store) Products(ctx context.Context, yield func([]data.Product) bool) error {
	for first := 0; ; first += pageSize {
		page, ids, err := s.page(ctx, first, "")
		if err != nil {
			return err
		}
		if len(page) > 0 && !yield(page) || ids < pageSize {
			return nil
		}
	}
}

// Product implements [data.Backend].
func (s *Store) Product(ctx context.Context, id data.ProductID) (data.Product, error) {
	if id == "" {
		return data.Product{}, data.ErrUnknownProduct
	}
	page, _, err := s.page(ctx, 0, id)
	if err != nil {
		return data.Product{}, err
	}
	if len(page) == 0 {
		return data.Product{}, data.ErrUnknownProduct
	}
	return page[0], nil
}

// page reads the products from rank first on, or only the one given. Ids is how
// many the index has on that page; some of them may be no products.
func (s *Store) page(ctx context.Context, first int, only data.ProductID) (page []data.Product, ids int64, err error) {
	answer, err := pageScript.Run(ctx, s.client, []string{s.keys.products()},
		s.keys.productPrefix(), first, first+pageSize-1, string(only)).Slice()
	if err != nil {
		return nil, 0, s.fail(ctx, err)
	}
	r := &reply{rest: answer}
	ids = r.number()
	for len(r.rest) > 0 && r.err == nil {
		page = append(page, parseProduct(r))
	}
	return page, ids, r.damaged()
}

func parseProduct(r *reply) data.Product {
	id, wrong := data.ProductID(r.text()), r.text()
	p := data.ReadProduct(id, r.text(), r.text(), r.text(), r.text())
	if wrong != "" {
		p.Damaged = wrong
	}
	return p
}

// CreateProduct implements [data.Backend].
func (s *Store) CreateProduct(ctx context.Context, p data.Product) error {
	if err := p.Check(); err != nil {
		return err
	}
	stock := ""
	if p.Stock != data.Unlimited {
		stock = strconv.FormatInt(p.Stock, 10)
	}
	answer, err := productScript.Run(ctx, s.client, []string{s.keys.product(p.ID), s.keys.products()},
		string(p.ID), s.keys.catalogue(), p.Name, int64(p.Price), p.Barcode, stock).Slice()
	if err != nil {
		return s.fail(ctx, err)
	}
	r := &reply{rest: answer}
	switch r.text() {
	case "OK", "SAME":
		return nil
	case "EXISTS":
		return data.ErrProductExists
	}
	return &data.DamagedError{What: errReply.Error()}
}
