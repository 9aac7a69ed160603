// Package config finds out how this program was asked to run: from the
// environment, from one .env file for what the environment leaves open, and
// from what was chosen in the window for what both leave open. It also keeps
// that choice.
//
// Everything is checked before anything is opened. What cannot be used is
// reported, all of it at once, as [data.InvalidError] values that name the
// variable and what it may hold. No error, and no printed Config, ever holds a
// password; of the saved files only one does, where somebody chose that.
package config
