// Package config finds out how this program was asked to run: from the
// environment, and from one .env file for what the environment leaves open.
//
// Everything is checked before anything is opened. What cannot be used is
// reported, all of it at once, as [data.InvalidError] values that name the
// variable and what it may hold. No error, and no printed Config, ever holds a
// password.
package config
