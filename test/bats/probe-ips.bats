load helpers
load relays

setup() { clean_place; }
teardown() { stop_all; }

# fields FILTER: of the probes in $output, sorted
fields() {
  jq -rc "select(.type == \"probe\") | $1" <<<"$output" | sort
}

@test "probe-ips: two real relays of a 2 MB file, and one that refuses, as the short form" {
  start_relays 2
  cmd 0 probe-ips --host fake.com --path /2M.dat --port "$relay_port" <<<'fake.com 127.0.0.2|127.0.0.3|127.0.0.4'
  same "$stderr" ''
  same "$(fields '[.ip, .ok, .code, .bytes, .error]')" '["127.0.0.2",true,"200",2097152,null]
["127.0.0.3",true,"200",2097152,null]
["127.0.0.4",false,"000",0,"connect-refused"]'
  same "$(jq -r .type <<<"$output" | uniq)" 'target
probe
round'
  cmd 0 jq -es 'map(select(.ok == true)) | all(.total >= .connect and .ttfb > 0 and .download > 0)' <<<"$output"
}
