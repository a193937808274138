load helpers

setup() { clean_place; }
teardown() { stop_all; }

# round: the notation on stdin (test/fixtures/rank/make-round.ts) becomes round.ndjson
round() { "$NODE" "$REPO/test/fixtures/rank/make-round.ts" >round.ndjson; }

two_domains() {
  round <<'END'
img.example.com. main=192.0.2.21@0.35,192.0.2.22@0.21,192.0.2.23! backup=198.51.100.7@0.6 n=2
wild. main=192.0.2.10 detect=N word=no
END
}

@test "rank-ips: rankings in the order of the configuration, then its own round" {
  two_domains
  cmd rank-ips round.ndjson
  same "$stderr" ''
  same "$(jq -r '[.type, .domain // .by, .case] | @tsv' <<<"$output")" \
    $'ranking\timg.example.com.\tC\nranking\twild.\tB\nround\trank-ips\t'
  same "$(jq -c 'select(.case == "C") | [.addresses[] | [.ip, .status, .active]]' <<<"$output")" \
    '[["192.0.2.22","ip_work",true],["192.0.2.21","ip_work",true],["192.0.2.23","ip_down",false],["198.51.100.7","ip_bad",false]]'
  same "$(jq -r 'select(.case == "C") | .reason' <<<"$output")" '2 of 3 main addresses are good; both are published'
  same "$(jq -c 'select(.type == "round") | [.domains, .units, .ok, .bytes, .blind]' <<<"$output")" '[2,4,3,6144,false]'
}

@test "rank-ips: the order of the lines does not matter, and files are read as one round" {
  two_domains
  cmd rank-ips round.ndjson
  local expected
  expected=$(grep '"ranking"' <<<"$output")
  grep -v '"target"' round.ndjson | tac >probes.ndjson
  grep '"target"' round.ndjson >targets.ndjson
  cmd rank-ips probes.ndjson - <targets.ndjson
  same "$(grep '"ranking"' <<<"$output")" "$expected"
}

@test "rank-ips: the same input twice gives the same rankings" {
  two_domains
  cmd rank-ips round.ndjson
  local first=$output
  cmd rank-ips round.ndjson
  same "$(grep '"ranking"' <<<"$output")" "$(grep '"ranking"' <<<"$first")"
}

@test "rank-ips: a later measurement of an address replaces an earlier one" {
  two_domains
  grep '192.0.2.23' round.ndjson | grep '"probe"' | jq -c '.ok = true | .error = null | .code = "200" | .total = 0.1 | .ok_times = 1' >again
  cmd rank-ips round.ndjson again
  same "$(jq -r 'select(.case == "C") | .addresses[0].ip' <<<"$output")" 192.0.2.23
}

@test "rank-ips: records of other types pass byte for byte, annotations of the round survive" {
  two_domains
  {
    printf '%s\n' '{"type":"note",  "by" : "me", "x": 1e3, "ü":"\u00fc"}' '{"no":"type"}'
    jq -c 'if .type == "round" then .site = "bj" else . end' round.ndjson
  } >in
  cmd rank-ips in
  same "$(head -2 <<<"$output")" "$(head -2 in)"
  same "$(jq -r 'select(.type == "round") | .site' <<<"$output")" bj
}

@test "rank-ips: without a round record the input was cut: status 65, and a round that lets nothing be published" {
  two_domains
  grep -v '"round"' round.ndjson >cut.ndjson
  cmd 65 rank-ips cut.ndjson
  same "$stderr" 'rank-ips: warning: cut.ndjson: ends without a round record: cut short?'
  same "$(jq -c 'select(.type == "round") | [.by, .domains, .units, .ok, .blind, .blind_reason]' <<<"$output")" \
    '["rank-ips",2,4,3,true,"the input ended without a round record"]'
  same "$(jq -r 'select(.type == "error") | .message' <<<"$output")" 'ends without a round record: cut short?'
}

@test "rank-ips: empty input is a cut one" {
  cmd 65 rank-ips </dev/null
  same "$stderr" 'rank-ips: warning: standard input: ends without a round record: cut short?'
  same "$(jq -c 'select(.type == "round") | [.domains, .blind]' <<<"$output")" '[0,true]'
}

@test "rank-ips: bad lines are told with their numbers, the good ones are ranked" {
  two_domains
  {
    printf '%s\n' 'null' '{"type":"probe","domain":"x"}' '{'
    cat round.ndjson
    head -1 round.ndjson
    tail -1 round.ndjson
    tail -1 round.ndjson | jq -c '.by = "rank-ips"'
  } >in
  cmd 65 rank-ips <in
  same "$stderr" "rank-ips: warning: line 1: not an object
rank-ips: warning: line 2: field 'ip' is missing
rank-ips: warning: line 3: not JSON
rank-ips: warning: line 11: a second target for 'img.example.com.'
rank-ips: warning: line 12: a second round record: one round at a time
rank-ips: warning: line 13: a round record of rank-ips: this input is ranked already"
  same "$(grep -c '"ranking"' <<<"$output")" 2
  same "$(grep -c '"type":"error"' <<<"$output")" 6
  cmd 65 rank-ips in
  like "$stderr" '^rank-ips: warning: in:1: not an object'
}

@test "rank-ips --strict: one bad line, and nothing is done" {
  two_domains
  {
    cat round.ndjson
    echo '{"type":"note"}'
    echo null
  } >in
  cmd 65 rank-ips --strict in
  same "${stderr_lines[1]}" 'rank-ips: fatal: 1 bad line, nothing done (--strict)'
  same "$(jq -r .type <<<"$output" | sort -u)" error
  cmd rank-ips --strict round.ndjson
  same "$(grep -c '"ranking"' <<<"$output")" 2
}

@test "rank-ips: probes of nothing configured are ignored, with a warning" {
  two_domains
  grep '"probe"' round.ndjson | head -1 | jq -c '.ip = "192.0.2.99", .domain = "else.example."' >more.ndjson
  cmd rank-ips round.ndjson more.ndjson
  same "$stderr" 'rank-ips: warning: 2 probes are of no address of a target, and ignored; the first: img.example.com. 192.0.2.99'
}

@test "rank-ips: an address without a probe is down" {
  round <<<'a.example. main=192.0.2.1?,192.0.2.2@0.4'
  cmd rank-ips round.ndjson
  same "$(jq -c 'select(.case == "C") | [.addresses[] | [.ip, .status]]' <<<"$output")" '[["192.0.2.2","ip_work"],["192.0.2.1","ip_down"]]'
}

@test "rank-ips: a missing file is an I/O error, told to mail-alert too" {
  cmd 74 rank-ips none.ndjson
  same "$stderr" "rank-ips: fatal: unable to open 'none.ndjson': no such file or directory"
  same "$(jq -r '[.type, .level] | @tsv' <<<"$output")" $'error\tfatal'
}

@test "rank-ips --installed: what is published tells the cause of a change" {
  two_domains
  printf '%s\n' \
    'img.example.com.         IN      A       192.0.2.23      ; 0.100000 ip ip_work 200 N' \
    'img.example.com.         IN      A       192.0.2.22      ; 0.210000 ip ip_work 200 N' \
    'wild.                    IN      A       192.0.2.10      ; 0.000000 ip no_detect 000 N' >anyhost
  cmd rank-ips --installed anyhost round.ndjson
  same "$(jq -r 'select(.type == "ranking") | [.cause, .changed] | @tsv' <<<"$output")" $'failure\ttrue\nsame\tfalse'
  same "$(jq -c 'select(.type == "round") | [.up_before, .newly_down]' <<<"$output")" '[2,1]'
  cmd rank-ips --installed none round.ndjson
  same "$(jq -r 'select(.type == "ranking") | .cause' <<<"$output")" $'first\nfirst'
  mkdir directory
  cmd 74 rank-ips --installed directory round.ndjson
  like "$stderr" "rank-ips: fatal: unable to read 'directory': is a directory"
}

@test "rank-ips --why: says for people why a domain is ranked as it is" {
  two_domains
  cmd rank-ips --why IMG.example.com round.ndjson
  same "${lines[0]}" 'img.example.com. case C: 2 of 3 main addresses are good; both are published'
  like "$output" '192\.0\.2\.23 +main +no +- +- +- +000 +ip_down +connect-refused'
  like "${lines[-1]}" '^what would change it: '
  cmd 1 rank-ips --why none.example round.ndjson
  same "$stderr" "rank-ips: fatal: 'none.example' is not in the input"
}

@test "rank-ips: a table on a terminal, records with -j" {
  two_domains
  cmd script -qec "rank-ips round.ndjson" /dev/null
  like "$output" '^DOMAIN +CASE +PUBLISHED +WHY'
  like "$output" 'wild\. +B +192\.0\.2\.10 +not measured'
  cmd script -qec "rank-ips -j round.ndjson" /dev/null
  like "$output" '^\{"type":"ranking"'
}

@test "rank-ips: a reader that leaves early is no error" {
  for i in {1..3000}; do echo "d$i.example. main=192.0.2.1@0.1,192.0.2.2@0.2"; done | round
  cmd bash -c 'set -o pipefail; rank-ips round.ndjson | head -1'
  same "$stderr" ''
  cmd bash -c 'rank-ips round.ndjson >&-'
  same "$stderr" ''
}

@test "rank-ips: wrong usage" {
  cmd 64 rank-ips --whi
  same "$stderr" 'rank-ips: usage: unknown option --whi (did you mean --why?)'
  cmd 64 rank-ips --compat 3.2
  same "$stderr" "rank-ips: usage: option --compat: '3.2' is not 3.3, the one version that is known"
  cmd 64 rank-ips --why
  same "$stderr" 'rank-ips: usage: option --why needs a value: DOMAIN'
}
