package ui

import (
	"image"
	"image/draw"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"trolley/data/config"
)

// scanCode reads the QR code in a picture, as a phone or a scanner does.
func scanCode(t *testing.T, picture image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatalf("look at the picture: %v", err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatalf("read the code: %v", err)
	}
	return read.GetText()
}

// seenCode is the part of the window that shows a code.
func seenCode(d *desk, q *qrCode) image.Image {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(q)
	whole := d.win.Canvas().Capture()
	size := q.Size()
	part := image.NewNRGBA(image.Rect(0, 0, int(size.Width), int(size.Height)))
	draw.Draw(part, part.Bounds(), whole, image.Pt(int(at.X), int(at.Y)), draw.Src)
	return part
}

func codeIn(o fyne.CanvasObject) *qrCode {
	switch o := o.(type) {
	case *qrCode:
		return o
	case *fyne.Container:
		for _, child := range o.Objects {
			if q := codeIn(child); q != nil {
				return q
			}
		}
	}
	return nil
}

func TestOtherCountersReadTheLink(t *testing.T) {
	shop := theShop()
	shop.Password, shop.CA, shop.Shop = marker, "/etc/ca.pem", "north"
	d := openAt(t, &fakeConnector{connection: shop})
	d.win.Resize(usual)
	d.joinDialog()
	d.expectLabels("another counter")
	q := codeIn(d.alerts.current.spec.Content)
	if q == nil {
		t.Fatal("there is no code")
	}
	if size := q.Size().Width; size != q.Size().Height || int(size)%q.squares != 0 || int(size)/q.squares < qrModule {
		t.Errorf("%d squares are %v wide", q.squares, size)
	}
	if read := scanCode(t, seenCode(d, q)); read != shop.Link() || strings.Contains(read, "marker") {
		t.Errorf("the code says %q, want %q", read, shop.Link())
	}
	other, err := config.ParseLink(shop.Link())
	if err != nil || other.Host != shop.Host || other.Shop != shop.Shop {
		t.Errorf("the other counter reads %+v, %v", other, err)
	}
	d.press("Copy link")
	if text := d.app.Clipboard().Content(); text != shop.Link() {
		t.Errorf("copied %q", text)
	}
	if said := strings.Join(labelsOf(d.alerts.current.spec.Content), " "); !strings.Contains(said, "certificate file") {
		t.Errorf("it says %q", said)
	}
}

func TestLinkOfTheShopCannotBeChanged(t *testing.T) {
	d := openAt(t, &fakeConnector{connection: theShop()})
	d.joinDialog()
	var link *formField
	eachFormField(d.alerts.current.spec.Content, func(f *formField) { link = f })
	d.win.Canvas().Focus(link.entry)
	d.write("x")
	d.key(fyne.KeyDelete)
	test.Type(link.entry, "y")
	link.entry.SetText("z")
	if link.text() != theShop().Link() {
		t.Errorf("it is %q", link.text())
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func TestLongLinksHaveCodesToo(t *testing.T) {
	c := theShop()
	c.Mode, c.Master, c.Addrs = config.Sentinel, "shop", strings.Repeat("sentinel-of-the-shop.example:26379 ", 4)
	q, err := newQRCode(c.Link())
	if err != nil {
		t.Fatalf("%d letters: %v", len(c.Link()), err)
	}
	if read := scanCode(t, q.enlarged(4)); read != c.Link() {
		t.Errorf("the code says %q", read)
	}
	if _, err := newQRCode(strings.Repeat("x", 10_000)); err == nil {
		t.Error("a code of 10,000 letters")
	}
}

// enlarged is the picture of the code with so many pixels a square.
func (q *qrCode) enlarged(by int) image.Image {
	small := q.image.Image.Bounds()
	large := image.NewGray(image.Rect(0, 0, small.Dx()*by, small.Dy()*by))
	for y := range large.Rect.Dy() {
		for x := range large.Rect.Dx() {
			large.Set(x, y, q.image.Image.At(x/by, y/by))
		}
	}
	return large
}

func TestShopOfThisComputerCannotBeJoined(t *testing.T) {
	d := openAt(t, &fakeConnector{})
	d.joinDialog()
	d.press("Connection…")
	d.dialog("Connection")
}

func TestScanAtTheLinkPressesNothing(t *testing.T) {
	d := openAt(t, &fakeConnector{connection: theShop()})
	d.joinDialog()
	var link *formField
	eachFormField(d.alerts.current.spec.Content, func(f *formField) { link = f })
	d.win.Canvas().Focus(link.entry)
	d.app.Clipboard().SetContent("")
	d.scan(milkCode)
	if text := d.app.Clipboard().Content(); text != "" {
		t.Errorf("copied %q", text)
	}
	d.key(fyne.KeyEscape)
	d.shows("1 oat-milk")
}

func TestLinkIsScannedIntoItsField(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{})
	d.key(fyne.KeyDown)
	d.win.Canvas().Focus(c.form.link.entry)
	d.scan(theShop().Link())
	if now := c.form.connection(); now.Host != "10.0.0.5" || now.Port != "6380" || now.User != "shop" {
		t.Errorf("the fields say %+v", now)
	}
	d.scan(milkCode) // which is for the cart, wherever it comes in
	d.key(fyne.KeyEscape)
	d.shows("1 oat-milk")
	d.noDialog()
}
