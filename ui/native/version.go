package native

import "fmt"

// enough reports whether a version of OpenGL will do, as a driver tells it,
// such as "4.6.0 NVIDIA 551.86". One that cannot be read counts: the toolkit
// may know better.
func enough(version string) bool {
	var major, minor int
	if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n < 2 {
		return true
	}
	return major > 2 || major == 2 && minor >= 1
}
