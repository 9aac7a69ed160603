package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is text that must not be seen: however it is printed, logged or
// encoded, "***" comes out, and nothing of an empty one. Convert it to string
// to use it.
type Secret string

// String returns "***", or "" of an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString is String.
func (s Secret) GoString() string { return s.String() }

// Format writes String whatever the verb; package fmt would print the text
// itself for a verb that does not fit.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue returns String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns String, and never an error.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
