# Every case of the decision table byte for byte as version 3.3 wrote it, through both commands (formats 9 and 17.8).
load helpers

setup() {
  clean_place
  CMD_LIMIT=40
}

# table NOTATION: what becomes of a domain d.example. (test/fixtures/rank/make-round.ts), beside a wild. that a zone needs
table() {
  printf 'd.example. %s\nwild. main=192.0.2.99 detect=N\n' "$1" |
    "$NODE" "$REPO/test/fixtures/rank/make-round.ts" >round.ndjson
  cmd rank-ips --compat 3.3 round.ndjson
  printf '%s\n' "$output" >ranking.ndjson
  same "$stderr" ''
  cmd write-anyhost --compat 3.3 -o anyhost ranking.ndjson
  output=$(sed '1,/^ns1 /d; /^;-----$/d; /^wild\. /d' anyhost)
}

@test "decision table, A1: no address, and the word is none to point to: nothing" {
  table 'word=no'
  same "$output" ''
  table 'word=Yes'
  same "$output" ''
}

@test "decision table, A2: no address, another word: a CNAME" {
  table 'word=wild'
  same "$output" 'd.example.               IN      CNAME   wild'
}

@test "decision table, A3: backups only, all of them" {
  table 'backup=192.0.2.1@0.6,192.0.2.2@0.1,192.0.2.3!'
  same "$output" 'd.example.               IN      A       192.0.2.3       ; 0.000000 backup ip_down 000 N
d.example.               IN      A       192.0.2.2       ; 0.100000 backup ip_work 200 N
d.example.               IN      A       192.0.2.1       ; 0.600000 backup ip_bad 200 N'
}

@test "decision table, B: not measured" {
  table 'detect=N n=2 main=192.0.2.1,192.0.2.2,192.0.2.3 backup=198.51.100.1'
  same "$output" 'd.example.               IN      A       192.0.2.1       ; 0.000000 ip no_detect 000 N
d.example.               IN      A       192.0.2.2       ; 0.000000 ip no_detect 000 N
;d.example.              IN      A       192.0.2.3       ; 0.000000 ip no_detect 000 N
;d.example.              IN      A       198.51.100.1    ; 0.000000 backup no_detect 000 N'
}

@test "decision table, C: some main address is good" {
  table 'n=1 main=192.0.2.1@0.4,192.0.2.2@0.2,192.0.2.3@0.9,192.0.2.4@0.1/500,192.0.2.5! backup=198.51.100.1@0.3,198.51.100.2@0.7,198.51.100.3@3.5'
  same "$output" ';d.example.              IN      A       192.0.2.5       ; 0.000000 ip ip_down 000 N
;d.example.              IN      A       192.0.2.4       ; 0.100000 ip ip_down 500 N
d.example.               IN      A       192.0.2.2       ; 0.200000 ip ip_work 200 N
;d.example.              IN      A       192.0.2.1       ; 0.400000 ip ip_good 200 N
;d.example.              IN      A       192.0.2.3       ; 0.900000 ip ip_bad 200 Y
;d.example.              IN      A       198.51.100.1    ; 0.300000 backup ip_good 200 N
;d.example.              IN      A       198.51.100.2    ; 0.700000 backup ip_bad 200 N
;d.example.              IN      A       198.51.100.3    ; 3.500000 backup ip_down 200 Y'
}

@test "decision table, C: column 8 of 0 publishes none" {
  table 'n=0 main=192.0.2.1@0.4'
  same "$output" ';d.example.              IN      A       192.0.2.1       ; 0.400000 ip ip_good 200 N'
}

@test "decision table, D1: none good, no backup, word yes" {
  table 'word=y main=192.0.2.1@0.6,192.0.2.2!'
  same "$output" ';d.example.              IN      A       192.0.2.2       ; 0.000000 ip ip_down 000 N
;d.example.              IN      A       192.0.2.1       ; 0.600000 ip ip_bad 200 N'
}

@test "decision table, D2: none good, no backup, word no, some answer" {
  table 'word=no n=2 main=192.0.2.1@0.7,192.0.2.2@0.6,192.0.2.3!'
  same "$output" ';d.example.              IN      A       192.0.2.3       ; 0.000000 ip ip_down 000 N
d.example.               IN      A       192.0.2.2       ; 0.600000 ip ip_bad 200 N
;d.example.              IN      A       192.0.2.1       ; 0.700000 ip ip_bad 200 N'
}

@test "decision table, D3: as D2, but all down: all are published" {
  table 'word=n main=192.0.2.1!,192.0.2.2@4,192.0.2.3@0.1/404'
  same "$output" 'd.example.               IN      A       192.0.2.1       ; 0.000000 ip ip_down 000 N
d.example.               IN      A       192.0.2.3       ; 0.100000 ip ip_down 404 N
d.example.               IN      A       192.0.2.2       ; 4.000000 ip ip_down 200 Y'
}

@test "decision table, D4: none good, no backup, another word: the CNAME comes first" {
  table 'word=alt.example. main=192.0.2.1@0.6,192.0.2.2!'
  same "$output" 'd.example.               IN      CNAME   alt.example.
;d.example.              IN      A       192.0.2.2       ; 0.000000 ip ip_down 000 N
;d.example.              IN      A       192.0.2.1       ; 0.600000 ip ip_bad 200 N'
}

@test "decision table, D5: no main address is good, a backup is: backups come first" {
  table 'n=2 main=192.0.2.1@0.6,192.0.2.2! backup=198.51.100.1@0.3,198.51.100.2@0.2,198.51.100.3@0.9,198.51.100.4!'
  same "$output" ';d.example.              IN      A       198.51.100.4    ; 0.000000 backup ip_down 000 N
d.example.               IN      A       198.51.100.2    ; 0.200000 backup ip_work 200 N
;d.example.              IN      A       198.51.100.1    ; 0.300000 backup ip_good 200 N
;d.example.              IN      A       198.51.100.3    ; 0.900000 backup ip_bad 200 Y
;d.example.              IN      A       192.0.2.2       ; 0.000000 ip ip_down 000 N
;d.example.              IN      A       192.0.2.1       ; 0.600000 ip ip_bad 200 N'
}

@test "decision table, D6: none good, some main address answers" {
  table 'main=192.0.2.1@0.7,192.0.2.2@0.6 backup=198.51.100.1@0.55,198.51.100.2!'
  same "$output" 'd.example.               IN      A       192.0.2.2       ; 0.600000 ip ip_bad 200 N
;d.example.              IN      A       192.0.2.1       ; 0.700000 ip ip_bad 200 N
;d.example.              IN      A       198.51.100.2    ; 0.000000 backup ip_down 000 N
;d.example.              IN      A       198.51.100.1    ; 0.550000 backup ip_bad 200 N'
}

@test "decision table, D7: everything down: all main addresses" {
  table 'main=192.0.2.1!,192.0.2.2! backup=198.51.100.1!'
  same "$output" 'd.example.               IN      A       192.0.2.1       ; 0.000000 ip ip_down 000 N
d.example.               IN      A       192.0.2.2       ; 0.000000 ip ip_down 000 N
;d.example.              IN      A       198.51.100.1    ; 0.000000 backup ip_down 000 N'
}

@test "decision table, D8: main addresses down, backups that answer: every one of these, and first" {
  table 'main=192.0.2.1! backup=198.51.100.1@0.7,198.51.100.2!,198.51.100.3@0.6'
  same "$output" ';d.example.              IN      A       198.51.100.2    ; 0.000000 backup ip_down 000 N
d.example.               IN      A       198.51.100.3    ; 0.600000 backup ip_bad 200 N
d.example.               IN      A       198.51.100.1    ; 0.700000 backup ip_bad 200 N
;d.example.              IN      A       192.0.2.1       ; 0.000000 ip ip_down 000 N'
}

@test "decision table: the synthetic example of formats 16, exactly" {
  cmd rank-ips --compat 3.3 "$REPO/test/fixtures/synthetic/probes.ndjson"
  printf '%s\n' "$output" >ranking.ndjson
  cmd write-anyhost --compat 3.3 -o anyhost ranking.ndjson
  cmd diff <(sed '1,/^ns1 /d; /^;-----$/d' anyhost) "$REPO/test/fixtures/synthetic/anyhost.lines"
}
