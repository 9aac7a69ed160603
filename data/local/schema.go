package local

import (
	"context"
	"database/sql"
	"fmt"
)

// schema is what a kind of file looks like inside.
type schema struct {
	applicationID int      // marks the file as ours
	migrations    []string // bring a file from version i to i+1; a released one never changes
}

var shopSchema = schema{applicationID: 0x54726c79 /* "Trly" */, migrations: []string{`
CREATE TABLE product (
	id      TEXT PRIMARY KEY,
	name    TEXT NOT NULL,
	price   INTEGER NOT NULL, -- minor units
	barcode TEXT NOT NULL,    -- empty: none
	stock   INTEGER           -- NULL: not counted
) STRICT, WITHOUT ROWID;

CREATE TABLE cart (
	id         TEXT PRIMARY KEY,
	version    INTEGER NOT NULL,
	op         TEXT NOT NULL,    -- the last operation
	deadline   INTEGER NOT NULL, -- ms since 1970; 0: never
	cleared_by TEXT NOT NULL,    -- counter; empty: nobody
	cleared_at INTEGER NOT NULL  -- µs since 1970; 0: never
) STRICT, WITHOUT ROWID;
CREATE INDEX cart_deadline ON cart (deadline) WHERE deadline > 0;

CREATE TABLE line (
	cart       TEXT NOT NULL,
	product    TEXT NOT NULL,
	quantity   INTEGER,          -- NULL: taken out; the row tells by whom
	added      INTEGER NOT NULL, -- µs since 1970; 0: unknown
	changed    INTEGER NOT NULL, -- likewise
	changed_by TEXT NOT NULL,    -- counter
	PRIMARY KEY (cart, product)
) STRICT, WITHOUT ROWID;

CREATE TABLE op (
	cart        TEXT NOT NULL,
	id          TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	version     INTEGER NOT NULL, -- first answer: the cart's version,
	quantity    INTEGER NOT NULL, -- the line's quantity,
	was         INTEGER NOT NULL, -- and that before
	at          INTEGER NOT NULL, -- ms since 1970
	PRIMARY KEY (cart, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX op_at ON op (at);

-- Written in the transaction of the change, so that the order of events is the
-- order of changes and none is of a change that was not.
CREATE TABLE event (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	cart    TEXT NOT NULL, -- empty: the catalogue
	payload TEXT NOT NULL
) STRICT;
`, `
-- A cart that expired and was put to the past keeps its row, without an
-- operation: so its versions count on.
ALTER TABLE cart ADD COLUMN name    TEXT NOT NULL DEFAULT '';   -- empty: none
ALTER TABLE cart ADD COLUMN began   INTEGER NOT NULL DEFAULT 0; -- µs since 1970, when the first line came in; 0: unknown
ALTER TABLE cart ADD COLUMN changed INTEGER NOT NULL DEFAULT 0; -- µs since 1970; 0: unknown
ALTER TABLE cart ADD COLUMN ended   TEXT NOT NULL DEFAULT '';   -- of an empty cart: past.id of its last lines
CREATE INDEX cart_open ON cart (changed) WHERE op <> '';
CREATE INDEX cart_over ON cart (changed) WHERE op = '';

CREATE TABLE past (
	cart     TEXT NOT NULL,
	id       TEXT NOT NULL,    -- the operation that ended it; of an expired cart its last one
	how      TEXT NOT NULL,
	at       INTEGER NOT NULL, -- µs since 1970
	ended_by TEXT NOT NULL,    -- counter; empty: nobody
	name     TEXT NOT NULL,
	PRIMARY KEY (cart, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_at ON past (at, how);

CREATE TABLE past_line (
	cart       TEXT NOT NULL,
	past       TEXT NOT NULL,
	product    TEXT NOT NULL,
	quantity   INTEGER NOT NULL,
	name       TEXT NOT NULL,
	price      INTEGER,          -- minor units; NULL: unknown
	added      INTEGER NOT NULL, -- µs since 1970; 0: unknown
	changed    INTEGER NOT NULL, -- likewise
	changed_by TEXT NOT NULL,    -- counter
	PRIMARY KEY (cart, past, product)
) STRICT, WITHOUT ROWID;

-- Apart from the events, as one busy cart must not push out what others did.
CREATE TABLE activity (
	cart    TEXT NOT NULL,
	slot    INTEGER NOT NULL, -- place in a ring
	seq     INTEGER NOT NULL, -- of the event
	at      INTEGER NOT NULL, -- µs since 1970
	payload TEXT NOT NULL,
	PRIMARY KEY (cart, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_at ON activity (at);

CREATE TABLE visit (
	session TEXT NOT NULL,
	cart    TEXT NOT NULL,
	counter TEXT NOT NULL,
	until   INTEGER NOT NULL, -- ms since 1970
	PRIMARY KEY (session, cart)
) STRICT, WITHOUT ROWID;
`}}

// identify tells files of the schema, and those still empty, from others.
func (s schema) identify(ctx context.Context, conn *sql.Conn) error {
	var id, version, tables int
	// In one statement, so that a file that another window is just making is
	// seen before or after, not halfway.
	err := conn.QueryRowContext(ctx, "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id, pragma_user_version").
		Scan(&id, &version, &tables)
	if err != nil {
		return fmt.Errorf("looking what the file is: %w", err)
	}
	blank := id == 0 && version == 0 && tables == 0
	switch {
	case !blank && id != s.applicationID:
		return fmt.Errorf("%w: application id %#x", errForeign, id)
	case version > len(s.migrations):
		return fmt.Errorf("%w: version %d, this program knows %d", errNewer, version, len(s.migrations))
	}
	return nil
}

// migrate brings the file up to date in one transaction, which also proves that
// it can be written.
func (s schema) migrate(ctx context.Context, conn *sql.Conn) error {
	err := transact(ctx, conn, func(ctx context.Context) error { return s.migrateIn(ctx, conn) })
	if err != nil {
		return fmt.Errorf("bringing the file up to date: %w", err)
	}
	return nil
}

func (s schema) migrateIn(ctx context.Context, conn *sql.Conn) error {
	var version int
	// Read again: another window may have been quicker.
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	for ; version < len(s.migrations); version++ {
		if _, err := conn.ExecContext(ctx, s.migrations[version]); err != nil {
			return fmt.Errorf("to version %d: %w", version+1, err)
		}
		mark := fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d", s.applicationID, version+1)
		if _, err := conn.ExecContext(ctx, mark); err != nil {
			return err
		}
	}
	return nil
}

// transact runs f in a transaction that writes. Only its beginning ends with
// ctx: one that was cut in its commit would leave open whether it was made.
func transact(ctx context.Context, conn *sql.Conn, f func(context.Context) error) error {
	_, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	ctx = context.WithoutCancel(ctx)
	if err == nil {
		err = f(ctx)
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, _ = conn.ExecContext(ctx, "ROLLBACK") // the first error says more
	}
	return err
}
