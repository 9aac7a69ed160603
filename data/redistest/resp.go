package redistest

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
)

// readCommand reads one command of a client, and returns its bytes and its name
// with the first argument behind it.
func readCommand(r *bufio.Reader) (name string, raw []byte, err error) {
	if mark, err := r.Peek(1); err != nil || mark[0] != '*' {
		return "", nil, io.ErrUnexpectedEOF
	}
	raw, err = readFrame(r, nil)
	if err != nil {
		return "", nil, err
	}
	switch parts := bytes.SplitN(raw, []byte("\r\n"), 6); len(parts) {
	case 6:
		name = string(parts[2]) + " " + string(parts[4])
	case 4, 5:
		name = string(parts[2])
	}
	return name, raw, nil
}

// readNext reads what a server says next: one whole reply, or, of a stream,
// whatever is there.
func readNext(r *bufio.Reader, stream bool) ([]byte, error) {
	if !stream {
		return readFrame(r, nil)
	}
	if _, err := r.Peek(1); err != nil {
		return nil, err
	}
	raw := make([]byte, r.Buffered())
	_, err := io.ReadFull(r, raw)
	return raw, err
}

// readFrame appends one value, with all that is nested in it, to raw.
func readFrame(r *bufio.Reader, raw []byte) ([]byte, error) {
	line, err := r.ReadBytes('\n')
	if err != nil {
		return raw, err
	}
	raw = append(raw, line...)
	switch line[0] {
	case '$', '=', '!':
		return readBytes(r, raw, size(line))
	case '*', '~', '>':
		return readFrames(r, raw, size(line))
	case '%', '|':
		return readFrames(r, raw, 2*size(line))
	}
	return raw, nil
}

func readFrames(r *bufio.Reader, raw []byte, n int) (_ []byte, err error) {
	for i := 0; i < n && err == nil; i++ {
		raw, err = readFrame(r, raw)
	}
	return raw, err
}

// readBytes appends a string of n bytes and its end of line. A negative n
// means that there is none.
func readBytes(r *bufio.Reader, raw []byte, n int) ([]byte, error) {
	if n < 0 {
		return raw, nil
	}
	start := len(raw)
	raw = append(raw, make([]byte, n+2)...)
	_, err := io.ReadFull(r, raw[start:])
	return raw, err
}

// size reads the number of a line such as "*3\r\n"; -1 stands for nothing.
func size(line []byte) int {
	n, err := strconv.Atoi(string(bytes.TrimSpace(line[1:])))
	if err != nil {
		return -1
	}
	return n
}

// isMessage reports whether a frame brings a published message, in the third
// version of the protocol or the second.
func isMessage(frame []byte) bool {
	const rest = "3\r\n$7\r\nmessage\r\n"
	return len(frame) > len(rest) && (frame[0] == '>' || frame[0] == '*') && string(frame[1:1+len(rest)]) == rest
}
