//go:build linux

package desk

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
)

// readPNG reads a picture.
func readPNG(path string) (*image.RGBA, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	picture, err := png.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if rgba, ok := picture.(*image.RGBA); ok {
		return rgba, nil
	}
	rgba := image.NewRGBA(picture.Bounds())
	draw.Draw(rgba, rgba.Bounds(), picture, picture.Bounds().Min, draw.Src)
	return rgba, nil
}

// Differ reports whether two pictures differ by more than a blinking cursor.
func Differ(a, b *image.RGBA) bool {
	if a.Bounds() != b.Bounds() {
		return true
	}
	var changed image.Rectangle
	for y := a.Rect.Min.Y; y < a.Rect.Max.Y; y++ {
		for x := a.Rect.Min.X; x < a.Rect.Max.X; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				changed = changed.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return changed.Dx() > 4 || changed.Dy() > 48
}

// Blank reports whether a picture shows one colour only.
func Blank(picture *image.RGBA) bool {
	first := picture.RGBAAt(picture.Rect.Min.X, picture.Rect.Min.Y)
	for y := picture.Rect.Min.Y; y < picture.Rect.Max.Y; y++ {
		for x := picture.Rect.Min.X; x < picture.Rect.Max.X; x++ {
			if picture.RGBAAt(x, y) != first {
				return false
			}
		}
	}
	return true
}
