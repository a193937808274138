# Certificates of the test's own, of elliptic curves: they are made at once.
# shellcheck shell=bash

# make_ca NAME: NAME.pem and NAME.key
make_ca() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" 2>/dev/null
}

# make_certificate NAME CA ALTNAMES [DAYS]: NAME.pem and NAME.key, signed by that CA
make_certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "${4:-2}" -out "$1.pem" \
    -extfile <(printf 'subjectAltName=%s\n' "$3") 2>/dev/null
}

# pin_of NAME: the SHA-256 of its public key, in bytes
pin_of() {
  openssl x509 -in "$1.pem" -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary
}

# hex: standard input in hexadecimal
hex() {
  od -An -v -tx1 | tr -d ' \n'
}
