package doctor

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"
)

// Lengths of the trial.
const (
	soakTime = 10 * time.Second
	maxSoak  = 10 * time.Minute // what the store keeps for the trial lives a little longer
)

const usage = `Usage: trolley doctor [-for 10s]

Finds out whether the shop of the configuration can be used, how fast it is, and
whether several counters can add to one cart at once without anything being lost
or doubled, also when connections are cut. It uses a cart of its own, which it
empties afterwards. No window is opened and no display is needed.

`

const exitCodes = `
Exit codes:
  0  in order; there may be warnings
  1  the shop cannot be used, or the examination was ended with Ctrl+C
  2  a setting or an option cannot be used
  3  a change was lost or doubled
`

// Parse reads the arguments of the command. Help and what is wrong with them
// are written to out; the error is [flag.ErrHelp] when only help was asked for.
func Parse(args []string, out io.Writer) (soak time.Duration, err error) {
	flags := flag.NewFlagSet("trolley doctor", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprint(out, usage)
		flags.PrintDefaults()
		fmt.Fprint(out, exitCodes)
	}
	flags.DurationVar(&soak, "for", soakTime, "length of the soak, at most 10m; 0 for none")
	if err := flags.Parse(args); err != nil {
		return 0, err
	}
	switch {
	case flags.NArg() > 0:
		err = fmt.Errorf("%q means nothing here", flags.Arg(0))
	case soak < 0 || soak > maxSoak:
		err = errors.New("-for is not between 0 and 10m")
	}
	if err != nil {
		fmt.Fprintf(out, "%v\n\n", err)
		flags.Usage()
	}
	return soak, err
}
