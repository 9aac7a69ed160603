package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Measures of the divider, for the usual size of text.
const (
	dividerWidth = 12
	gripWidth    = 4
	gripHeight   = 36
)

// divider is the room between the products and the cart, which can be dragged.
// A double click puts it back to where it was at first.
type divider struct {
	widget.BaseWidget
	onDrag  func(by float32)
	onReset func()
	hovered bool
	grip    *canvas.Rectangle
}

var (
	_ fyne.Draggable      = (*divider)(nil)
	_ fyne.DoubleTappable = (*divider)(nil)
	_ desktop.Cursorable  = (*divider)(nil)
	_ desktop.Hoverable   = (*divider)(nil)
)

func newDivider(drag func(by float32), reset func()) *divider {
	d := &divider{onDrag: drag, onReset: reset, grip: canvas.NewRectangle(nil)}
	d.ExtendBaseWidget(d)
	return d
}

// Cursor implements desktop.Cursorable.
func (d *divider) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// Dragged implements fyne.Draggable.
func (d *divider) Dragged(e *fyne.DragEvent) { d.onDrag(e.Dragged.DX) }

// DragEnd implements fyne.Draggable.
func (d *divider) DragEnd() {}

// DoubleTapped implements fyne.DoubleTappable.
func (d *divider) DoubleTapped(*fyne.PointEvent) { d.onReset() }

// MouseIn implements desktop.Hoverable.
func (d *divider) MouseIn(*desktop.MouseEvent) { d.hovered = true; d.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (d *divider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (d *divider) MouseOut() { d.hovered = false; d.Refresh() }

// Refresh implements fyne.Widget.
func (d *divider) Refresh() {
	d.paint()
	d.BaseWidget.Refresh()
}

func (d *divider) paint() {
	d.grip.FillColor = colorOf(d, theme.ColorNameInputBorder)
	if d.hovered {
		d.grip.FillColor = colorOf(d, theme.ColorNamePrimary)
	}
	d.grip.CornerRadius = scaled(gripWidth) / 2
}

func (d *divider) place(size fyne.Size) {
	w, h := scaled(gripWidth), scaled(gripHeight)
	put(d.grip, (size.Width-w)/2, (size.Height-h)/2, w, h)
}

// CreateRenderer implements fyne.Widget.
func (d *divider) CreateRenderer() fyne.WidgetRenderer {
	d.paint()
	return widget.NewSimpleRenderer(&fyne.Container{Layout: placed(d.place, fyne.Size{}), Objects: []fyne.CanvasObject{d.grip}})
}
