// Package sound plays the two tones of the till: a short high one when a scan
// was taken, and a low double one when somebody has to look.
//
// The tones are made here, and played by what the system has: the player of
// Windows, and elsewhere a small program that is there anyway. Where there is
// none, nothing is heard and nothing goes wrong.
package sound
