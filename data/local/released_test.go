package local

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"trolley/data"
)

// newestForm is that of the rows that a queue writes today.
const newestForm = 3

// kept is what a version of the program left on the disk.
type kept struct {
	name   string // of the folder in testdata/released
	schema int    // version of the shop's file
	form   int    // of the queue's rows
}

func releases() []kept {
	return []kept{{"schema-1", 1, 1}, {"schema-2", 2, 2}, {"schema-2-oversell", 2, 3}}
}

// copied copies the files to a folder of the test.
func (k kept) copied(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "released", k.name))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// open opens a copy of the shop a minute after it was made: much of what is in
// it is forgotten in time.
func (k kept) open(t *testing.T) (s *Store, dir string) {
	t.Helper()
	dir = k.copied(t)
	last, err := strconv.ParseInt(ask(t, filepath.Join(dir, "shop-main.db"), "SELECT max(at) FROM op"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	// A clock that stands would give several changes one time.
	ago := time.Since(time.UnixMilli(last).Add(time.Minute))
	s, err = openAt(t.Context(), Config{Dir: dir, Shop: "main", Timeout: time.Hour}, func() time.Time { return time.Now().Add(-ago) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s, dir
}

// eachRelease runs a test on the files of each version.
func eachRelease(t *testing.T, f func(t *testing.T, k kept)) {
	for _, k := range releases() {
		t.Run(k.name, func(t *testing.T) { f(t, k) })
	}
}

// Whoever changes the form of a file keeps one of the form before: then the
// form of today was kept as well.
func TestFilesOfEachSchemaAreKept(t *testing.T) {
	var names []string
	schemas, forms := map[int]bool{}, map[int]bool{}
	for _, k := range releases() {
		names = append(names, k.name)
		schemas[k.schema], forms[k.form] = true, true
		if got := ask(t, filepath.Join(k.copied(t), "shop-main.db"), "PRAGMA user_version"); got != strconv.Itoa(k.schema) {
			t.Errorf("%s is of version %s", k.name, got)
		}
	}
	for v := range len(shopSchema.migrations) {
		if !schemas[v+1] {
			t.Errorf("no shop of version %d is kept; see testdata/released/README.txt", v+1)
		}
	}
	if len(queueSchema.migrations) != 1 {
		t.Error("the table of waiting changes is another one: keep files of it, and expect both here")
	}
	if !forms[newestForm] {
		t.Errorf("no waiting changes of form %d are kept", newestForm)
	}
	folders, err := filepath.Glob(filepath.Join("testdata", "released", "schema-*"))
	if err != nil || len(folders) != len(names) {
		t.Errorf("kept are %v (%v), tested %v", folders, err, names)
	}
}

// A migration that was released never changes: files made by it are as they are.
func TestMigrationsAreThoseThatWereReleased(t *testing.T) {
	const tables = "SELECT group_concat(name || ': ' || coalesce(sql, ''), char(10)) FROM (SELECT * FROM sqlite_schema ORDER BY name)"
	eachRelease(t, func(t *testing.T, k kept) {
		was := ask(t, filepath.Join(k.copied(t), "shop-main.db"), tables)
		path := filepath.Join(t.TempDir(), "shop-main.db")
		migrated(t, path, k.schema)
		if now := ask(t, path, tables); now != was {
			t.Errorf("version %d is now\n%s\nit was\n%s", k.schema, now, was)
		}
	})
}

// migrated makes an empty shop of a version.
func migrated(t *testing.T, path string, version int) {
	t.Helper()
	if err := createFile(path); err != nil {
		t.Fatal(err)
	}
	db, err := openDB(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s := schema{applicationID: shopSchema.applicationID, migrations: shopSchema.migrations[:version]}
	if err := s.migrate(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
}

func TestReleasedShopKeepsAll(t *testing.T) {
	eachRelease(t, func(t *testing.T, k kept) {
		s, _ := k.open(t)
		wantKeptProducts(t, s, k)
		got := read(t, s, "kept-06")
		if !got.Mine || got.Cart.Token != (data.Token{Version: 6, Op: "kept-06"}) {
			t.Errorf("the cart is at %v, with its last change %t", got.Cart.Token, got.Mine)
		}
		wantLines(t, s, theCart, "3 x Espresso by Till 1", "4 x Croissant by Till 1")
		wantLines(t, s, "never", "5 x Größe \"L\" 🛒 by Till 1")
		wantLines(t, s, "cleared")
		wantLines(t, s, "lunch")
		wantListed(t, s, k)
		if k.schema == 1 { // which kept nothing of a cart that was cleared
			wantPast(t, s, `lunch "" expired by "": 2 x Espresso 2.40`)
			return
		}
		wantLines(t, s, "table", "1 x Croissant by Till 1")
		wantPast(t, s, `lunch "" expired by "": 2 x Espresso 2.40`, `breakfast "" expired by "": 1 x Croissant 3.10`,
			`cleared "" emptied by "Till 1": 2 x Größe "L" 🛒 1.80`)
		if orders := past(t, s, true, time.Time{}); len(orders) != 1 || describe(orders[0]) != `sold "" checked out by "Till 1": 2 x Croissant 3.10` {
			t.Errorf("the orders are %+v", orders)
		}
		if n := len(activity(t, s)); n != 6 {
			t.Errorf("%d changes of the cart are told, want 6", n)
		}
	})
}

// wantListed wants the cart in the list of those that are open. The first
// version did not keep when it began, nor its last change.
func wantListed(t *testing.T, s *Store, k kept) {
	t.Helper()
	infos := list(t, s, visit("a")) // which puts what has expired to the past
	i := slices.IndexFunc(infos, func(c data.CartInfo) bool { return c.ID == theCart })
	if i < 0 {
		t.Fatalf("the carts are listed as %+v", infos)
	}
	known := k.schema > 1
	if c := infos[i]; c.Lines != 2 || c.Items != 7 || c.Total != 1960 || c.Began.IsZero() == known || (c.Last.Token.Op == "kept-06") != known {
		t.Errorf("the cart is listed as %+v", c)
	}
}

func wantKeptProducts(t *testing.T, s *Store, k kept) {
	t.Helper()
	want := keptProducts()
	if k.schema >= 2 {
		want[0].Stock -= 2 // two croissants were sold
	}
	var got []data.Product
	err := s.Products(t.Context(), func(page []data.Product) bool { got = append(got, page...); return true })
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the products are %+v (%v)\nwant %+v", got, err, want)
	}
}

// wantLines wants that a cart has these lines, in this order.
func wantLines(t *testing.T, s *Store, cart data.CartID, want ...string) {
	t.Helper()
	r, err := s.Read(t.Context(), cart, data.Token{}, "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range r.Cart.Lines {
		got = append(got, fmt.Sprintf("%d x %s by %s", l.Quantity, l.Product.Name, l.By))
		if l.Added.IsZero() || l.Changed.Before(l.Added) {
			t.Errorf("%s: %s came in at %v and was changed at %v", cart, l.Product.ID, l.Added, l.Changed)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s has %q, want %q", cart, got, want)
	}
}

// What an earlier version did not get an answer to may be sent by this one.
func TestReleasedShopKnowsItsChangesAgain(t *testing.T) {
	eachRelease(t, func(t *testing.T, k kept) {
		s, _ := k.open(t)
		for _, step := range keptSteps() {
			if step.since > k.schema {
				continue
			}
			if r, err := s.Apply(t.Context(), step.cart, step.change); err != nil || !r.Duplicate {
				t.Errorf("the repeat of %s gives %+v, %v", step.change.Op, r, err)
			}
		}
		wantLines(t, s, theCart, "3 x Espresso by Till 1", "4 x Croissant by Till 1")
	})
}

func TestReleasedShopGoesOn(t *testing.T) {
	eachRelease(t, func(t *testing.T, k kept) {
		s, _ := k.open(t)
		var tokens []int64
		tokens = append(tokens, do(t, s, add("espresso", 1)).Token.Version)
		named := do(t, s, name("Table 4")).Token
		tokens = append(tokens, named.Version, do(t, s, whole(data.KindCheckout, named)).Token.Version)
		if !slices.Equal(tokens, []int64{7, 8, 9}) {
			t.Errorf("the changes are %v", tokens)
		}
		orders := past(t, s, true, time.Time{})
		if want := `counter-1 "Table 4" checked out by "Till 1": 4 x Espresso 2.40 4 x Croissant 3.10`; len(orders) == 0 || describe(orders[0]) != want {
			t.Errorf("the orders are %+v, want first %s", orders, want)
		}
		left := map[int]string{1: "5", 2: "3"}[k.schema]
		wantRows(t, s, "SELECT stock FROM product WHERE id = 'croissant'", left)
	})
}

// All that waited is there with all it says, and is made in its order.
func TestReleasedQueueIsSentInOrder(t *testing.T) {
	eachRelease(t, func(t *testing.T, k kept) {
		s, dir := k.open(t)
		q := openQueueAs(t, QueueConfig{Dir: dir, Place: keptPlace})
		if carts, err := q.Carts(t.Context()); err != nil || !slices.Equal(carts, []data.CartID{keptWaiting}) {
			t.Fatalf("changes wait for %v (%v)", carts, err)
		}
		got, err := q.Left(t.Context(), keptWaiting)
		if err != nil {
			t.Fatal(err)
		}
		wantChanges(t, got, keptChanges(k.form))
		for i, c := range got {
			r, err := s.Apply(t.Context(), keptWaiting, c)
			if err != nil || r.Duplicate || r.Event.Token.Version != int64(i+1) {
				t.Fatalf("%s: %+v, %v", c.Op, r, err)
			}
		}
		wantLines(t, s, keptWaiting)
	})
}
