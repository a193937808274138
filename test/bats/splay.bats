load helpers

setup() { clean_place; }
teardown() { stop_all; }

@test "splay: the same name sleeps the same time, inside the period" {
  cmd splay -n --name cache01 60
  local first=$output
  cmd splay -n --name cache01 60
  same "$output" "$first"
  cmd jq -en --argjson s "$first" '$s >= 0 and $s < 60'
  cmd splay -n --name cache02 60
  [ "$output" != "$first" ]
}

@test "splay: a thousand names are spread over the whole period" {
  local counts
  counts=$("$NODE" -e '
    import(process.argv[1]).then(({ splayOf }) => {
      const tenths = Array(10).fill(0)
      for (let i = 0; i < 1000; i++) tenths[Math.floor(splayOf(`cache${i}`, 10))]++
      console.log(Math.min(...tenths), Math.max(...tenths))
    })' "$REPO/lib/origin/splay.ts")
  local least=${counts% *} most=${counts#* }
  [ "$least" -ge 60 ]
  [ "$most" -le 140 ]
}

@test "splay: period 0 returns at once, and units are taken" {
  cmd splay 0
  same "$output$stderr" ''
  cmd splay 0s
}

@test "splay: it really sleeps" {
  local from=${EPOCHREALTIME/./}
  cmd splay --name cache01 0.5
  local slept=$((${EPOCHREALTIME/./} - from))
  cmd splay -n --name cache01 0.5
  [ "$slept" -ge "$("$NODE" -p "Math.floor($output * 1e6) - 2000")" ]
}

@test "splay: --align comes round at the same moment of each period" {
  cmd splay -n 2
  local own=$output
  cmd splay -a 2
  cmd "$NODE" -e 'const late = ((Date.now() / 1000 - process.argv[1]) % 2 + 2) % 2; process.exit(late < 1.5 ? 0 : 1)' "$own"
  cmd splay -a -n 60
  cmd jq -en --argjson s "$output" '$s > 0 and $s <= 60.01'
}

@test "splay: an output that takes nothing is 74" {
  cmd 74 bash -c 'splay -n 60 >/dev/full'
  same "$stderr" 'splay: fatal: unable to write: no space left on device'
}

@test "splay: a closed stdout is no error, for the help neither" {
  cmd bash -c 'set -o pipefail; splay -n 60 | :'
  cmd bash -c 'set -o pipefail; splay -h | :'
  same "$stderr" ''
}

@test "splay: wrong usage" {
  cmd 64 splay
  same "$stderr" 'splay: usage: PERIOD is missing'
  cmd 64 splay 60 70
  same "$stderr" "splay: usage: '70': too many operands"
  cmd 64 splay x
  same "$stderr" "splay: usage: PERIOD: 'x' is not a time from 0 to 86400 seconds (units: ms s m h d)"
  cmd 64 splay $'\e[2J\r\n\xc2\x9b5'
  same "$stderr" "splay: usage: PERIOD: '?[2J? ?5' is not a time from 0 to 86400 seconds (units: ms s m h d)"
  cmd 64 splay --nam x 60
  same "$stderr" 'splay: usage: unknown option --nam (did you mean --name?)'
  cmd 64 splay --name
  same "$stderr" 'splay: usage: option --name needs a value: NAME'
}

@test "splay: TERM ends the sleep" {
  background splay splay --name cache01 1h
  stop splay
  same "$stopped" 143
}
