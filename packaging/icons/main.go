// Command icons makes the small icons of the program from the large one:
//
//	icons Icon.png FOLDER SIZE...
//
// It writes FOLDER/SIZExSIZE.png for each size in pixels.
package main

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/image/draw"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "icons:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 3 {
		return errors.New("give the large icon, a folder, and the sizes")
	}
	large, err := read(args[0])
	if err != nil {
		return err
	}
	for _, arg := range args[2:] {
		size, err := strconv.Atoi(arg)
		if err != nil || size < 1 || size > large.Bounds().Dx() {
			return fmt.Errorf("%q is no size between 1 and %d", arg, large.Bounds().Dx())
		}
		if err := write(filepath.Join(args[1], fmt.Sprintf("%dx%d.png", size, size)), scale(large, size)); err != nil {
			return err
		}
	}
	return nil
}

func read(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the large icon: %w", err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("read the large icon %s: %w", path, err)
	}
	return img, nil
}

// scale makes a square picture of so many pixels a side.
func scale(img image.Image, size int) image.Image {
	small := image.NewNRGBA(image.Rect(0, 0, size, size))
	draw.CatmullRom.Scale(small, small.Bounds(), img, img.Bounds(), draw.Src, nil)
	return small
}

func write(path string, img image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("make an icon: %w", err)
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	return errors.Join(encoder.Encode(f, img), f.Close())
}
