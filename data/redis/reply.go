package redis

import (
	"errors"
	"strconv"
	"time"

	"trolley/data"
)

// errReply says that a script answered in another form than ours: somebody
// else's script, or another version of it.
var errReply = errors.New("the server's answer has an unknown form")

// reply reads the answer of a script from left to right. After the first part
// that is missing or of another type every further one is zero, and err tells.
type reply struct {
	rest []any
	err  error
}

func (r *reply) next() any {
	if len(r.rest) == 0 {
		r.err = errReply
		return nil
	}
	v := r.rest[0]
	r.rest = r.rest[1:]
	return v
}

func (r *reply) text() string {
	s, ok := r.next().(string)
	if !ok {
		r.err = errReply
	}
	return s
}

// number takes what the scripts send as an integer or, from a record, as text.
func (r *reply) number() int64 {
	switch v := r.next().(type) {
	case int64:
		return v
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			r.err = errReply
		}
		return n
	}
	r.err = errReply
	return 0
}

func (r *reply) list() []any {
	l, ok := r.next().([]any)
	if !ok {
		r.err = errReply
	}
	return l
}

func (r *reply) when() time.Time { return data.FromMicros(r.number()) }

// damaged returns the error for an answer that did not come out, else nil.
func (r *reply) damaged() error {
	if r.err == nil {
		return nil
	}
	return &data.DamagedError{What: r.err.Error()}
}
