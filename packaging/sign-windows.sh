#!/usr/bin/env bash
# Signs a program for Windows, if there is a certificate to do it with, so that
# Windows names its maker instead of warning of it.
#
# Usage: packaging/sign-windows.sh FILE
#   TROLLEY_SIGN_PFX            certificate and key (PKCS #12); empty: not signed
#   TROLLEY_SIGN_PASSWORD       their password
#   TROLLEY_SIGN_PASSWORD_FILE  or a file that holds it
#   TROLLEY_SIGN_TIMESTAMP      address of a time stamp server (RFC 3161), so that
#                               the signature outlives the certificate
#   TROLLEY_SIGN_CA             issuers to verify it with afterwards (PEM)
set -euo pipefail
file=${1:?usage: packaging/sign-windows.sh FILE}
say() { printf 'sign: %s\n' "$*" >&2; }

if [ -z "${TROLLEY_SIGN_PFX:-}" ]; then
	say "$(basename "$file") is not signed, as TROLLEY_SIGN_PFX names no certificate"
	exit 0
fi

umask 077
private=$(mktemp -d)
trap 'rm -rf "$private"' EXIT

# The password goes by a file: everybody on the machine can read command lines.
password() {
	if [ -n "${TROLLEY_SIGN_PASSWORD_FILE:-}" ]; then
		cat "$TROLLEY_SIGN_PASSWORD_FILE"
	else
		printf '%s' "${TROLLEY_SIGN_PASSWORD:-}"
	fi
}

sign() {
	local stamp=()
	[ -z "${TROLLEY_SIGN_TIMESTAMP:-}" ] || stamp=(-ts "$TROLLEY_SIGN_TIMESTAMP")
	password >"$private/password"
	osslsigncode sign -pkcs12 "$TROLLEY_SIGN_PFX" -readpass "$private/password" -h sha256 -n Trolley "${stamp[@]}" \
		-in "$file" -out "$private/signed.exe" >"$private/log" 2>&1 || { cat "$private/log" >&2; say "$file could not be signed"; exit 1; }
	cat "$private/signed.exe" >"$file" # and keeps its rights
}

verify() {
	osslsigncode verify -CAfile "$TROLLEY_SIGN_CA" -in "$file" >"$private/log" 2>&1 ||
		{ cat "$private/log" >&2; say "the signature of $file does not verify"; exit 1; }
}

sign
[ -z "${TROLLEY_SIGN_CA:-}" ] || verify
say "$(basename "$file") is signed"
