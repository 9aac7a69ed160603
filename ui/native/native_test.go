package native

import (
	"errors"
	"strings"
	"testing"
)

func TestEnough(t *testing.T) {
	for version, want := range map[string]bool{
		"1.1.0": false, "1.4.0 - Build 8.14.10.1930": false, "2.0": false,
		"2.1.2 NVIDIA 340.108": true, "3.0 Mesa 24.1": true, "4.6.0 NVIDIA 551.86": true, "10.0": true,
		"": true, "OpenGL ES 3.2": true,
	} {
		if enough(version) != want {
			t.Errorf("enough(%q) is %t", version, !want)
		}
	}
}

func TestMissingOpenGLNamesWhatThereIs(t *testing.T) {
	if text := (&NoOpenGLError{Found: "1.1.0 (GDI Generic)"}).Error(); !strings.HasSuffix(text, "there is 1.1.0 (GDI Generic)") {
		t.Error(text)
	}
	if text := (&NoOpenGLError{}).Error(); !strings.HasSuffix(text, "there is none") {
		t.Error(text)
	}
}

// What Drawable finds depends on the computer; a fault of its own it must not
// have anywhere.
func TestDrawable(t *testing.T) {
	err := Drawable()
	var missing *NoOpenGLError
	if err != nil && !errors.As(err, &missing) {
		t.Error(err)
	}
	t.Logf("drawable: %v", err)
}
