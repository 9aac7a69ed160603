package redis

import (
	"context"
	"strconv"

	"github.com/redis/go-redis/v9"

	"trolley/data"
)

// pageSize is how many products travel at a time.
const pageSize = 500

// maxForeignID is the longest id, in bytes, that is read from a catalogue made
// by somebody else.
const maxForeignID = 256

// fields of a product, in the order of data.ReadProduct.
var productFields = []string{"name", "price", "barcode", "stock"}

// Products implements [data.Backend].
func (s *Store) Products(ctx context.Context, yield func([]data.Product) bool) error {
	ids, err := s.client.ZRange(ctx, s.keys.products(), 0, pageSize-1).Result()
	for start := int64(pageSize); err == nil && len(ids) > 0; start += pageSize {
		var page []data.Product
		page, ids, err = s.page(ctx, ids, start)
		if err == nil && len(page) > 0 && !yield(page) {
			return nil
		}
	}
	return s.fail(ctx, err)
}

// page reads the products of ids, and in the same round trip the ids of the
// next page, which begins at start.
func (s *Store) page(ctx context.Context, ids []string, start int64) (page []data.Product, next []string, err error) {
	pipe := s.client.Pipeline()
	for _, id := range ids {
		pipe.HMGet(ctx, s.keys.product(data.ProductID(id)), productFields...)
	}
	following := pipe.ZRange(ctx, s.keys.products(), start, start+pageSize-1)
	cmds, err := pipe.Exec(ctx)
	if err != nil && !wrongType(err) {
		return nil, nil, err
	}
	for i, id := range ids {
		p, found, err := readProduct(data.ProductID(id), cmds[i].(*redis.SliceCmd))
		if err != nil {
			return nil, nil, err
		}
		if found && len(id) <= maxForeignID {
			page = append(page, p)
		}
	}
	return page, following.Val(), following.Err()
}

// readProduct makes a product of an answer. A key that is no hash is a damaged
// product; one without a name field is none.
func readProduct(id data.ProductID, cmd *redis.SliceCmd) (p data.Product, found bool, err error) {
	f, err := cmd.Result()
	if wrongType(err) {
		return data.Product{ID: id, Stock: data.Unlimited, Damaged: "its key is no hash"}, true, nil
	}
	if err != nil || len(f) != len(productFields) || f[0] == nil {
		return data.Product{}, false, err
	}
	var text [4]string
	for i := range f {
		text[i], _ = f[i].(string)
	}
	return data.ReadProduct(id, text[0], text[1], text[2], text[3]), true, nil
}

// Product implements [data.Backend].
func (s *Store) Product(ctx context.Context, id data.ProductID) (data.Product, error) {
	p, found, err := readProduct(id, s.client.HMGet(ctx, s.keys.product(id), productFields...))
	if err != nil {
		return data.Product{}, s.fail(ctx, err)
	}
	if !found {
		return data.Product{}, data.ErrUnknownProduct
	}
	return p, nil
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
