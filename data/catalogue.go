package data

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Catalogue is an immutable set of products in the order of a language, made
// for being searched at every keystroke. The zero pointer is an empty catalogue
// that was never loaded.
type Catalogue struct {
	language language.Tag
	products []Product // by name
	ids      []ProductID
	text     []string // of the same product: folded name, id and barcode
	keys     [][]byte // of the same product: where its name belongs among the others
	byCode   map[string]int
}

// shelved is a product with what is made of it once.
type shelved struct {
	Product
	text string
	key  []byte
}

func (a shelved) compare(b shelved) int {
	return cmp.Or(bytes.Compare(a.key, b.key), cmp.Compare(a.ID, b.ID))
}

// NewCatalogue sorts and indexes products, in an order that suits most
// languages; [Catalogue.In] has that of one. Where a barcode is also another
// product's id, the id wins.
func NewCatalogue(products []Product) *Catalogue { return newCatalogue(language.Und, products) }

func newCatalogue(tag language.Tag, products []Product) *Catalogue {
	all := make([]shelved, len(products))
	for i, p := range products {
		all[i].Product = p
	}
	return sorted(tag, all)
}

// sorted puts products in the order of a language and indexes them. The texts
// are made in that order too, so that a search reads the memory from its
// beginning to its end.
func sorted(tag language.Tag, all []shelved) *Catalogue {
	place := placer(tag)
	for i := range all {
		all[i].key = place(all[i].Name)
	}
	slices.SortFunc(all, shelved.compare)
	for i := range all {
		all[i].text = searchable(all[i].Product)
	}
	return assembled(tag, all)
}

// placer returns what finds the place of a name in the order of a language.
// Upper case decides last, and numbers count by what they are worth: 0,5 l stand
// before 2 l, and those before 10 l. It is not for several goroutines.
func placer(tag language.Tag) func(name string) []byte {
	order, buffer := collate.New(tag), collate.Buffer{}
	return func(name string) []byte {
		buffer.Reset()
		return slices.Clone(order.KeyFromString(&buffer, alignNumbers(name)))
	}
}

// alignNumbers gives the whole numbers of a text the same length, up to nine
// digits, so that they compare by what they are worth. The collation has an option
// for it, but puts 0 behind 9.
func alignNumbers(text string) string {
	if !strings.ContainsAny(text, "0123456789") {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		end := i
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		if end == i {
			out.WriteByte(text[i])
			i++
			continue
		}
		if fraction := i > 1 && (text[i-1] == '.' || text[i-1] == ',') && isDigit(text[i-2]); !fraction {
			out.WriteString(zeros[:max(0, len(zeros)-(end-i))])
		}
		out.WriteString(text[i:end])
		i = end
	}
	return out.String()
}

const zeros = "000000000"

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// searchable is what a search looks for words in.
func searchable(p Product) string {
	return fold(p.Name) + "\x00" + fold(string(p.ID)) + "\x00" + fold(p.Barcode)
}

// assembled indexes products that are in order.
func assembled(tag language.Tag, all []shelved) *Catalogue {
	c := &Catalogue{
		language: tag,
		products: make([]Product, len(all)),
		ids:      make([]ProductID, len(all)),
		text:     make([]string, len(all)),
		keys:     make([][]byte, len(all)),
		byCode:   make(map[string]int, 2*len(all)),
	}
	for i, s := range all {
		c.products[i], c.ids[i], c.text[i], c.keys[i] = s.Product, s.ID, s.text, s.key
		if s.Barcode != "" {
			c.byCode[s.Barcode] = i
		}
	}
	for i, id := range c.ids {
		c.byCode[string(id)] = i
	}
	return c
}

// shelved returns the products with what was made of them.
func (c *Catalogue) shelved() []shelved {
	all := make([]shelved, c.Len(), c.Len()+1)
	for i := range all {
		all[i] = shelved{c.products[i], c.text[i], c.keys[i]}
	}
	return all
}

// In returns the catalogue in the order of a language; it is the same one when
// it is in that order already. 100,000 products take half a second: not for the
// UI goroutine.
func (c *Catalogue) In(tag language.Tag) *Catalogue {
	if c == nil || c.language == tag {
		return c
	}
	return sorted(tag, c.shelved())
}

// With returns the catalogue with p added or in place of the product with its
// id; it is the same one when p is in there as it is.
func (c *Catalogue) With(p Product) *Catalogue {
	if c == nil {
		return NewCatalogue([]Product{p})
	}
	if q, ok := c.Product(p.ID); ok && q == p {
		return c
	}
	all := slices.DeleteFunc(c.shelved(), func(q shelved) bool { return q.ID == p.ID })
	added := shelved{p, searchable(p), placer(c.language)(p.Name)}
	at, _ := slices.BinarySearchFunc(all, added, shelved.compare)
	return assembled(c.language, slices.Insert(all, at, added))
}

// Equal reports whether both hold the same products, in the same order.
func (c *Catalogue) Equal(d *Catalogue) bool {
	return (c == nil) == (d == nil) && slices.Equal(c.Products(), d.Products())
}

// Products returns all products by name. The caller must not change them.
func (c *Catalogue) Products() []Product {
	if c == nil {
		return nil
	}
	return c.products
}

// Len returns the number of products.
func (c *Catalogue) Len() int { return len(c.Products()) }

// Product returns the product with this id.
func (c *Catalogue) Product(id ProductID) (Product, bool) {
	p, ok := c.Find(string(id))
	return p, ok && p.ID == id
}

// Find returns the product whose id or barcode is exactly code.
func (c *Catalogue) Find(code string) (Product, bool) {
	if c == nil {
		return Product{}, false
	}
	i, ok := c.byCode[code]
	if !ok {
		return Product{}, false
	}
	return c.products[i], true
}

// Ranks of a search, the best first.
const (
	rankCode   = iota // exactly an id or barcode
	rankExact         // the name, or the id but for upper case
	rankBegin         // begin of the name
	rankWord          // begin of a word of the name
	rankInside        // anywhere
	unmatched
)

// IDs returns the ids of all products, by name. The caller must not change them.
func (c *Catalogue) IDs() []ProductID {
	if c == nil {
		return nil
	}
	return c.ids
}

// Search returns the ids of the products that match every word of query in their name, id
// or barcode: an exact id or barcode first, then names that begin with the
// query, then names with a word that begins with it, then the rest; each by
// name. Upper case and accents make no difference. An empty query returns all. The
// caller must not change what it gets.
func (c *Catalogue) Search(query string) []ProductID {
	q := fold(query)
	words := strings.Fields(q)
	if c == nil || len(words) == 0 {
		return c.IDs()
	}
	ranks := make([]uint8, len(c.text))
	for i, text := range c.text {
		ranks[i] = rank(text, q, words)
	}
	if i, ok := c.byCode[strings.TrimSpace(query)]; ok {
		ranks[i] = rankCode
	}
	return c.ranked(ranks)
}

// ranked returns the matching products by rank. It counts first, as growing a
// slice of 100,000 products takes longer than finding them; so does copying more
// of them than their ids.
func (c *Catalogue) ranked(ranks []uint8) []ProductID {
	var first [unmatched + 2]int
	for _, r := range ranks {
		first[r+1]++
	}
	for r := range unmatched {
		first[r+1] += first[r]
	}
	out := make([]ProductID, first[unmatched])
	for i, r := range ranks {
		if r != unmatched {
			out[first[r]] = c.ids[i]
			first[r]++
		}
	}
	return out
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// rank tells how well a text matches a query and its words. It looks for the
// whole query first: with that all its words are there.
func rank(text, q string, words []string) uint8 {
	at := strings.Index(text, q)
	if at < 0 {
		if len(words) > 1 && containsAll(text, words) {
			return rankInside
		}
		return unmatched
	}
	end := strings.IndexByte(text, 0) // of the name
	codes := text[end+1:]
	switch {
	case at == 0 && end == len(q), strings.HasPrefix(codes, q) && len(codes) > len(q) && codes[len(q)] == 0:
		return rankExact
	case at == 0:
		return rankBegin
	case at < end && wordBegins(text[at-1:end], q):
		return rankWord
	}
	return rankInside
}

// wordBegins reports whether q comes right behind a space of s.
func wordBegins(s, q string) bool {
	for {
		_, after, found := strings.Cut(s, " ")
		if !found || strings.HasPrefix(after, q) {
			return found
		}
		s = after
	}
}

// Near returns up to n products whose name or code is alike text, the likest
// first. It looks at every product: not for the UI
// goroutine.
func (c *Catalogue) Near(text string, n int) []Product {
	type scored struct {
		i     int
		score float64
	}
	if c == nil {
		return nil
	}
	want := newLikeness(fold(text))
	var found []scored
	for i := range c.text {
		best := 0.0
		for part := range strings.SplitSeq(c.text[i], "\x00") {
			best = max(best, want.to(part))
		}
		if best >= nearEnough {
			found = append(found, scored{i, best})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var out []Product
	for _, s := range found[:min(n, len(found))] {
		out = append(out, c.products[s.i])
	}
	return out
}

// nearEnough is the share of common letter triples from which two words are
// called alike: "expresso" and "espresso" share 0.55.
const nearEnough = 0.3

// likeness compares one text with many.
type likeness struct {
	triples map[string]bool
	hashes  [1024]bool // of the triples: a quick look before the exact one
}

func newLikeness(text string) *likeness {
	l := &likeness{triples: trigrams(text)}
	for t := range l.triples {
		r := []rune(t)
		l.hashes[hashTriple(r[0], r[1], r[2])] = true
	}
	return l
}

func hashTriple(a, b, c rune) int { return int(a*961+b*31+c) & 1023 }

// to returns the share of letter triples that both have, from 0 to 1; a part's
// single words count as well as the whole.
func (l *likeness) to(part string) float64 {
	best := l.overlap(part)
	if strings.Contains(part, " ") {
		for word := range strings.FieldsSeq(part) {
			best = max(best, 0.95*l.overlap(word))
		}
	}
	return best
}

func (l *likeness) overlap(s string) float64 {
	if !l.possible(s) {
		return 0
	}
	common, other := 0, trigrams(s)
	for t := range l.triples {
		if other[t] {
			common++
		}
	}
	return float64(common) / float64(len(l.triples)+len(other)-common)
}

// possible reports whether s may have enough in common. It counts too much
// rather than too little: what is not possible need not be looked at.
func (l *likeness) possible(s string) bool {
	common := 0
	count := func(a, b, c rune) {
		if l.hashes[hashTriple(a, b, c)] {
			common++
		}
	}
	a, b := ' ', ' '
	for _, c := range s {
		count(a, b, c)
		a, b = b, c
	}
	count(a, b, ' ')
	return s != "" && float64(common) >= nearEnough*float64(len(l.triples)) && common > 0
}

func trigrams(s string) map[string]bool {
	set := map[string]bool{}
	if s == "" {
		return set
	}
	letters := []rune("  " + s + " ")
	for i := range len(letters) - 2 {
		set[string(letters[i:i+3])] = true
	}
	return set
}

// fold makes text comparable: lower case, no accents, single spaces, and plain
// letters for those that a keyboard of another country does not have.
func fold(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	for _, r := range s {
		if r > unicode.MaxASCII {
			return plainLetters.Replace(stripAccents(s))
		}
	}
	return s
}

// plainLetters are the letters that are no plain one with an accent.
var plainLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th",
	"ħ", "h", "ı", "i", "ŋ", "n")

func stripAccents(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}
