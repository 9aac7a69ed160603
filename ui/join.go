package ui

import (
	"image"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"rsc.io/qr"

	"trolley/data/config"
)

const (
	textJoin     phrase = "Add another counter"
	textCopyLink phrase = "Copy link"
	textOpenJoin phrase = "Connection…"
)

// joinDialog shows how another computer becomes a counter of the shop on
// screen.
func (w *Window) joinDialog() {
	c := w.opt.Connector.Connection()
	if !c.Shared {
		w.alerts.show(alertSpec{Title: textJoin.say(), Return: w.search,
			Body: phrase("The shop of this computer cannot be used by others. Connect to a shared one first.").say(),
			Buttons: []alertButton{
				{Label: textCancel.say(), Role: roleSafe},
				{Label: textOpenJoin.say(), Role: rolePrimary, Do: func() error { w.connectionDialog(); return nil }},
			}})
		return
	}
	link := newFormField(config.FieldLink, "Link to this shop", "", "")
	link.entry.readOnly = true
	link.entry.SetText(c.Link())
	link.entry.OnChanged = func(string) { link.set(c.Link()) } // the menu of the entry can change it
	w.alerts.show(alertSpec{Title: textJoin.say(), Wide: true, Return: w.search, Content: container.NewVBox(link, joinBody(c)),
		Buttons: []alertButton{
			{Label: textClose.say(), Role: roleSafe},
			{Label: textCopyLink.say(), Role: rolePrimary, Do: func() error {
				w.app.Clipboard().SetContent(c.Link())
				w.toasts.show(phrase("Link copied.").say())
				return errAlertStays
			}},
		}})
}

// joinBody is the code beside what is to be done with it.
func joinBody(c config.Connection) fyne.CanvasObject {
	say := widget.NewLabel(strings.Join(joinSteps(c), "\n\n"))
	say.Wrapping = fyne.TextWrapWord
	code, err := newQRCode(c.Link())
	if err != nil { // too long for one; the link does as well
		return lessInset(say)
	}
	return container.New(joinLayout{}, code, say)
}

// joinLayout puts a code, and words beside it that wrap.
type joinLayout struct{}

// MinSize implements fyne.Layout.
func (joinLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	code, words := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(code.Width+words.Width, max(code.Height, words.Height))
}

// Layout implements fyne.Layout.
func (joinLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	code := o[0].MinSize()
	put(o[0], 0, 0, code.Width, code.Height)
	left := code.Width + sideGap - theme.InnerPadding()
	put(o[1], left, -theme.InnerPadding(), size.Width-left, wrapped(o[1], size.Width-left))
}

// joinSteps say what to do at the other counter.
func joinSteps(c config.Connection) []string {
	steps := []string{
		phrase("1. Open Trolley on the other computer, and Connection… in its File menu.").say(),
		phrase("2. Paste this link there. A scanner can read the code into the field instead.").say(),
		phrase("3. Type the password there: it is not in the link.").say(),
	}
	if c.OnlyHere() {
		steps = append(steps, phrase("The server’s address means this very computer. On the other one, write this computer’s name or number in its place.").say())
	}
	if c.CA != "" || c.Cert != "" {
		steps = append(steps, phrase("4. Copy the shop’s certificate file to that computer as well, and choose it under Advanced.").say())
	}
	return steps
}

// Measures of a code, in its own squares and in the toolkit's units.
const (
	qrQuiet  = 4   // what stays white around it
	qrModule = 4   // the least size of a square
	qrSize   = 200 // what it grows to, if it is small
)

// qrCode is a text as a QR code. It is black on white whatever the theme is,
// as most scanners read nothing else.
type qrCode struct {
	widget.BaseWidget
	text    string
	image   *canvas.Image
	squares int // along an edge, with the white ones around
}

var _ fyne.Accessible = (*qrCode)(nil)

// newQRCode returns the code of a text. The error says that it is too long.
func newQRCode(text string) (*qrCode, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, err
	}
	q := &qrCode{text: text, image: canvas.NewImageFromImage(drawQR(code)), squares: code.Size + 2*qrQuiet}
	q.image.ScaleMode, q.image.FillMode = canvas.ImageScalePixels, canvas.ImageFillOriginal
	q.ExtendBaseWidget(q)
	return q, nil
}

// drawQR draws a code with a pixel for each square.
func drawQR(code *qr.Code) image.Image {
	edge := code.Size + 2*qrQuiet
	img := image.NewGray(image.Rect(0, 0, edge, edge))
	for y := range edge {
		for x := range edge {
			shade := color.Gray{Y: 0xFF}
			if code.Black(x-qrQuiet, y-qrQuiet) {
				shade.Y = 0
			}
			img.SetGray(x, y, shade)
		}
	}
	return img
}

// MinSize implements fyne.CanvasObject: whole units for each square.
func (q *qrCode) MinSize() fyne.Size {
	module := max(qrModule, qrSize/q.squares)
	return fyne.NewSquareSize(float32(module * q.squares))
}

// AccessibilityLabel implements fyne.Accessible.
func (q *qrCode) AccessibilityLabel() string {
	return phrase("QR code of the link {link}").with("link", q.text)
}

// AccessibilityRole implements fyne.Accessible. Fyne 2.8 has no role for
// pictures.
func (q *qrCode) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (q *qrCode) CreateRenderer() fyne.WidgetRenderer {
	q.image.FillMode = canvas.ImageFillStretch
	return widget.NewSimpleRenderer(q.image)
}
