// Package logbook is what the program writes down about itself: a log in a
// folder of this computer, the last lines of it in memory, and a report of a
// run that crashed. Secrets are masked in all of them.
//
// Several programs may share the folder. Each holds the lock of a slot, a number
// from 1 on, for as long as it runs, and its files have that number in their
// names: the first program writes trolley.log, a second one at the same time
// trolley-2.log. The system frees the slot of a program that ends, however it
// ends, and the next one goes on with its files; so there are never more of them
// than programs that ran at the same time, and what a crash left behind in a
// free slot cannot be that of a program that still runs.
package logbook
