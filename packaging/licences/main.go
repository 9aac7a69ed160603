// Command licences writes the licences of everything that ends up in the
// program on any system: those of its modules, of what is embedded in them, and
// of Go itself. It is run in the top folder of the repository and writes to
// standard output what belongs into ui/licences.txt.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(to io.Writer) error {
	parts, err := collect(".")
	if err != nil {
		return err
	}
	out := bufio.NewWriter(to)
	if err := write(out, parts); err != nil {
		return err
	}
	return out.Flush()
}

// mark begins the line above each licence, which has its name, version and kind
// with tabs between them.
const mark = "==== "

// write lists the parts. Package ui reads this.
func write(out io.Writer, parts []part) error {
	for _, p := range parts {
		kind, text, err := p.licence()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s%s\t%s\t%s\n%s\n", mark, p.name, p.version, kind, text); err != nil {
			return fmt.Errorf("write the licence of %s: %w", p.name, err)
		}
	}
	return nil
}
