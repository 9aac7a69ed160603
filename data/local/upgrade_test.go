package local

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"trolley/data"
)

// version1 makes the file of a shop as the first version of the program did,
// and fills it.
func version1(t *testing.T, fill string, args ...any) (dir string) {
	t.Helper()
	dir = t.TempDir()
	path := filepath.Join(dir, "shop-main.db")
	if err := createFile(path); err != nil {
		t.Fatal(err)
	}
	db, err := openDB(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	migrateFirst(t, db)
	if _, err := db.ExecContext(t.Context(), fill, args...); err != nil {
		t.Fatal(err)
	}
	return dir
}

func migrateFirst(t *testing.T, db *sql.DB) {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	first := schema{applicationID: shopSchema.applicationID, migrations: shopSchema.migrations[:1]}
	if err := first.migrate(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
}

func TestFileOfTheFirstVersionKeepsAllAndWorks(t *testing.T) {
	c := add("espresso", 2)
	dir := version1(t, `
		INSERT INTO product VALUES ('espresso', 'Espresso', 240, '', 9);
		INSERT INTO cart VALUES ('counter-1', 7, ?1, 0, '', 0), ('old', 3, 'old-op', ?2, '', 0);
		INSERT INTO line VALUES ('counter-1', 'espresso', 2, 5000000, 5000000, 'Till 1'), ('old', 'espresso', 3, 1, 1, 'Till 1');
		INSERT INTO op VALUES ('counter-1', ?1, ?3, 7, 2, 0, ?4);
		INSERT INTO event (cart, payload) VALUES ('counter-1', 'x');`,
		c.Op, time.Now().Add(-time.Hour).UnixMilli(), c.Fingerprint(), time.Now().UnixMilli())
	s := open(t, Config{Dir: dir, Timeout: time.Hour})
	wantRows(t, s, "SELECT count(*) FROM event", "1")
	got := read(t, s, c.Op)
	if l, _ := got.Cart.Line("espresso"); !got.Mine || got.Cart.Token != (data.Token{Version: 7, Op: c.Op}) || l.Quantity != 2 || l.By != "Till 1" {
		t.Errorf("the cart reads as %+v", got)
	}
	if r, err := s.Apply(t.Context(), theCart, c); err != nil || !r.Duplicate {
		t.Errorf("the repeat of an old operation gives %+v, %v", r, err)
	}
	infos := list(t, s, visit("a"))
	if len(infos) != 1 || infos[0].Lines != 1 || infos[0].Items != 2 || !infos[0].Began.IsZero() || infos[0].Last != (data.Event{}) {
		t.Errorf("the carts are listed as %+v", infos)
	}
	wantPast(t, s, `old "" expired by "": 3 x Espresso 2.40`)
	do(t, s, add("espresso", 1))
	order := do(t, s, whole(data.KindCheckout, do(t, s, name("Table 4")).Token))
	if order.Token.Version != 10 || len(activity(t, s)) != 3 {
		t.Errorf("the order is %+v", order)
	}
	wantRows(t, s, "SELECT stock FROM product", "6")
}
