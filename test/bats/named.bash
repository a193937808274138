# A real named for a test: in the test's own directory, on a port of its own, with the zone "." of type primary.
# shellcheck shell=bash

# start_named FILE [PORT]: serve FILE as the zone "." on 127.0.0.1; sets $named_port, and $rndc, an array: rndc and its
# options. Ended by `stop named` or `stop_all`; its log is named.err.
start_named() {
  need named rndc dig
  local dir=$PWD/named control
  named_port=${2:-$(free_port)}
  control=$(free_port)
  mkdir -p "$dir"
  printf 'key "test" { algorithm hmac-sha256; secret "dGVzdCBrZXkgb2YgYSB0ZXN0Lg=="; };\n' >"$dir/key"
  cat >"$dir/named.conf" <<END
include "$dir/key";
options {
  directory "$dir";
  pid-file "$dir/named.run";
  session-keyfile "$dir/session.key";
  listen-on port $named_port { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  notify no;
};
controls { inet 127.0.0.1 port $control allow { 127.0.0.1; } keys { "test"; }; };
zone "." { type primary; file "$(realpath -s "$1")"; };
END
  rndc=(rndc -k "$dir/key" -s 127.0.0.1 -p "$control")
  background named named -g -n 1 -c "$dir/named.conf"
  wait_for 20 "${rndc[@]}" status || {
    cat named.err
    return 1
  }
}

# answers NAME [TYPE]: what named answers, one record a line, sorted
answers() {
  dig +short +norec +time=2 +tries=3 @127.0.0.1 -p "$named_port" "$1" "${2:-A}" | sort
}

# served_serial: the SOA serial that named answers with
served_serial() {
  answers . SOA | cut -d' ' -f3
}
