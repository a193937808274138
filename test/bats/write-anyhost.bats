load helpers
load rankings
load named

setup() { clean_place; }
teardown() {
  stop_all
  while IFS= read -r mounted; do umount "$mounted"; done < <(awk -v d="$BATS_TEST_TMPDIR/" 'index($2, d) == 1 {print $2}' /proc/mounts)
}

# The round that most tests start from: wild, one domain with two addresses and a comment, one alias.
base() {
  ranking wild. first +192.0.2.10
  ranking '*.example.com.' first @wild
  ranking img.example.com. first +192.0.2.22 +192.0.2.21 x192.0.2.23 -198.51.100.8
  closing 3
}

# write [CODE] [OPTION...] <input: with the file `anyhost` and no named-checkzone
write() {
  local code=0
  case ${1-} in [0-9]*) code=$1 && shift ;; esac
  cmd "$code" write-anyhost --checkzone none -o anyhost "$@"
}

field() { jq -r "select(.type? == \"zone\") | $1" <<<"$output"; }
files() { find "${1:-.}" -mindepth 1 -maxdepth 1 ! -name 'separate-stderr*' -printf '%f\n' | sort; }
serial_of() { awk '/;$/ && $1+0 {print $1+0; exit}' "$1"; }
inode() { stat -c %i "$1"; }

@test "write-anyhost: a zone file, its record, and its end marker (formats 8, 14)" {
  write <<<"$(base)"
  same "$stderr" ''
  same "$(field '[.serial > 1e9, .domains, .records, .changed, .changed_domains, .clipped, .reason, .dry_run, .previous] | tojson')" \
    '[true,3,4,true,3,0,"first",false,null]'
  same "$(field .file)" "$PWD/anyhost"
  same "$(sed -n '5,13!p' anyhost | sed 's/mass=.*/mass=/')" ';-----
$TTL 60
$ORIGIN .
@ IN SOA ns1 root.localhost. (
wild.                    IN      A       192.0.2.10      ; 0.210000 ip ip_work 200 N
*.example.com.           IN      CNAME   wild
img.example.com.         IN      A       192.0.2.22      ; 0.210000 ip ip_work 200 N
img.example.com.         IN      A       192.0.2.21      ; 0.210000 ip ip_work 200 N
;img.example.com.        IN      A       192.0.2.23      ; 0.000000 ip ip_down 000 N
;img.example.com.        IN      A       198.51.100.8    ; 0.400000 ip ip_good 200 N
; end domains=3 active=4 reason=first mass='
  like "$(tail -n 1 anyhost)" " mass=$(serial_of anyhost) sha256="
  whole anyhost
}

@test "write-anyhost: twice the same changes nothing; times and order are no change (damping 8.3)" {
  write <<<"$(base)"
  local before
  before=$(stat -c '%i %Y' anyhost)
  write < <(base | sed '3d; $d; s/0\.21/0.3/g' && ranking IMG.example.com failure -192.0.2.99 +192.0.2.21 +192.0.2.22 && closing 3)
  same "$(field '[.changed, .changed_domains, .previous] | tojson')" '[false,0,null]'
  same "$(stat -c '%i %Y' anyhost)" "$before"
  same "$(files)" anyhost
}

@test "write-anyhost: --comments renews the comments and keeps the serial" {
  write --serial 7 <<<"$(base)"
  write --comments < <(base | sed 's/0\.21/0.3/g')
  same "$(field '[.changed, .serial, .previous] | tojson')" '[false,7,null]'
  like "$(cat anyhost)" '192.0.2.22      ; 0.300000 ip ip_work'
  like "$(tail -n 1 anyhost)" 'reason=first'
  whole anyhost
}

@test "write-anyhost: other lines are passed on, bad ones are told" {
  write 65 < <(printf '%s\n' '{"type":"note","x":1}' 'no json' '{"type":"ranking","domain":1}' && base)
  same "$(head -n 1 <<<"$output")" '{"type":"note","x":1}'
  same "$stderr" "write-anyhost: warning: line 2: not JSON
write-anyhost: warning: line 3: field 'case' is missing"
  same "$(field .changed)" true
  rm anyhost
  write 65 --strict < <(echo null && base)
  like "$stderr" 'fatal: 1 bad line, nothing done \(--strict\)$'
  same "$(files)" ''
}

@test "write-anyhost: wrong usage" {
  cmd 64 write-anyhost
  same "$stderr" 'write-anyhost: usage: option -o is missing: FILE'
  write 64 --comapt 3.3
  same "$stderr" 'write-anyhost: usage: unknown option --comapt (did you mean --compat?)'
  write 64 --compat 2
  same "$stderr" "write-anyhost: usage: option --compat: '2' is not 3.3, the one version that is known"
  write 64 --serial 4294967296
  same "$stderr" "write-anyhost: usage: option --serial: '4294967296' is not a whole number from 1 to 4294967295"
  write 74 missing
  like "$stderr" "^write-anyhost: fatal: unable to open 'missing': no such file or directory$"
}

@test "write-anyhost: a closed stdout is no error" {
  base >in
  cmd bash -c 'write-anyhost --checkzone none -o anyhost in | true; exit "${PIPESTATUS[0]}"'
  whole anyhost
}

@test "write-anyhost: no domain left is always refused" {
  local refused="refused, '$PWD/anyhost' is left as it is: no domain is left; nothing lets this pass"
  write 1 </dev/null
  same "$stderr" "write-anyhost: warning: the input ended without a round record: it was cut short
write-anyhost: fatal: $refused"
  same "$(jq -r '.message, .key' <<<"$output")" "$refused
write-anyhost $PWD/anyhost: none"
  write 1 --force <<<"$(closing 0)"
  same "$stderr" "write-anyhost: fatal: $refused"
  same "$(files)" ''
  write <<<"$(base)"
  write 1 --force <<<"$(closing 0)"
  whole anyhost
}

@test "write-anyhost: input that was cut short is refused, but for a first file" {
  write < <(base | sed '$d')
  same "$stderr" 'write-anyhost: warning: the input ended without a round record: it was cut short'
  local kept="refused, '$PWD/anyhost' is left as it is" release="to let it pass: write-anyhost --force -o $PWD/anyhost"
  write 65 < <(base | sed '$d')
  same "$stderr" "write-anyhost: fatal: $kept: the input ended without a round record: it was cut short; $release"
  write 65 < <(base | sed 2d)
  same "$stderr" "write-anyhost: fatal: $kept: the input was cut short: 2 rankings of the 3 that its round record counts; $release"
  write --force < <(base | sed 2d)
  like "$stderr" '^write-anyhost: warning: --force: the input was cut short'
  same "$(field .reason)" forced
}

@test "write-anyhost: a blind round writes nothing" {
  write <<<"$(base)"
  local before
  before=$(inode anyhost)
  write < <(ranking wild. failure +192.0.2.11 && closing 1 blind true blind_reason '"the gateway is down"')
  same "$stderr" 'write-anyhost: warning: the round is blind, nothing is written: the gateway is down'
  same "$(field '[.changed, .domains] | tojson')" '[false,3]'
  same "$(inode anyhost)" "$before"
}

@test "write-anyhost: removed domains, 5 % and 3 (damping 8.3)" {
  { rankings 100 first +192.0.2.1 && closing 100; } | write
  { rankings 95 same +192.0.2.1 && closing 95; } | write
  same "$(wc -l < <(grep -c com anyhost))" 1
  { rankings 100 first +192.0.2.1 && closing 100; } | write --force
  write 1 < <(rankings 94 same +192.0.2.1 && closing 94)
  same "$stderr" "write-anyhost: fatal: refused, '$PWD/anyhost' is left as it is: 6 of 100 domains are removed, more than 5 % and more than 3: d95.com. d96.com. d97.com. d98.com. d99.com. d100.com.; to let it pass: write-anyhost --force -o $PWD/anyhost"
  same "$(jq -r .key <<<"$output")" "write-anyhost $PWD/anyhost: removed"
  write --force < <(rankings 94 same +192.0.2.1 && closing 94)
  same "$(field '[.reason, .domains] | tojson')" '["forced",94]'
}

@test "write-anyhost: edited and unexplained changes, 30 % from 10 domains on (damping 8.3)" {
  { rankings 10 first +192.0.2.1 && closing 10; } | write
  write < <(rankings 3 edited +192.0.2.2 && rankings 10 same +192.0.2.1 | sed 1,3d && closing 10)
  same "$(field '[.reason, .changed_domains] | tojson')" '["edited",3]'
  write 1 < <(rankings 7 same +192.0.2.3 && rankings 10 same +192.0.2.1 | sed 1,7d && closing 10)
  same "$stderr" "write-anyhost: fatal: refused, '$PWD/anyhost' is left as it is: 7 domains are edited, added or changed without a cause on record, more than 30 % of 10: d1.com. d2.com. d3.com. d4.com. d5.com. d6.com. d7.com.; to let it pass: write-anyhost --force -o $PWD/anyhost"
}

@test "write-anyhost: one relay that dies moves all its domains at once (damping 8.6 d)" {
  { rankings 20 first +192.0.2.1 -192.0.2.2 && closing 20; } | write
  write < <(rankings 20 failure x192.0.2.1 +192.0.2.2 && closing 20 up_before 40 newly_down 20)
  same "$(field '[.reason, .changed_domains] | tojson')" '["failure",20]'
  like "$(tail -n 1 anyhost)" 'reason=failure'
}

@test "write-anyhost: the end marker carries the serial of the last change that is past the limits of the caches" {
  { rankings 20 first +192.0.2.1 -192.0.2.2 && closing 20; } | write --serial 10
  like "$(tail -n 1 anyhost)" ' reason=first mass=10 sha256='
  write --serial 11 < <(rankings 6 edited +192.0.2.9 && rankings 20 same +192.0.2.1 | sed 1,6d && closing 20)
  like "$(tail -n 1 anyhost)" ' reason=edited mass=10 sha256='
  write --serial 12 < <(rankings 20 failure x192.0.2.1 +192.0.2.2 && closing 20 up_before 40 newly_down 20)
  like "$(tail -n 1 anyhost)" ' reason=failure mass=12 sha256='
  write --serial 13 < <(rankings 1 edited +192.0.2.8 && rankings 20 same +192.0.2.2 | sed 1d && closing 20)
  like "$(tail -n 1 anyhost)" ' reason=edited mass=12 sha256='
  write --comments < <(rankings 1 same +192.0.2.8 && rankings 20 same +192.0.2.2 | sed 1d && closing 20)
  like "$(tail -n 1 anyhost)" ' reason=edited mass=12 sha256='
  write --force --serial 14 < <(rankings 10 same +192.0.2.2 && closing 10)
  like "$(tail -n 1 anyhost)" ' reason=forced mass=14 sha256='
  whole anyhost
  sed -i 's/ mass=14//' anyhost # as a version without the field would have left it
  write --serial 15 < <(rankings 1 edited +192.0.2.7 && rankings 10 same +192.0.2.2 | sed 1d && closing 10)
  like "$(tail -n 1 anyhost)" ' reason=edited sha256='
}

@test "write-anyhost: 40 % of the units failing waits until it is confirmed (damping 8.3, 8.6 c)" {
  { rankings 4 first +192.0.2.% -198.51.100.1 && closing 4; } | write
  failing() {
    rankings 2 failure x192.0.2.% +198.51.100.1 && rankings 4 same +192.0.2.% -198.51.100.1 | sed 1,2d
    closing 4 up_before 5 newly_down 2 "$@"
  }
  write 1 < <(failing)
  same "$stderr" "write-anyhost: fatal: refused, '$PWD/anyhost' is left as it is: 2 of 5 units that were up are down at once, more than 30 %: d1.com. d2.com.; to let it pass: write-anyhost --force -o $PWD/anyhost, or wait until rank-ips --state believes it"
  same "$(jq -r .key <<<"$output")" "write-anyhost $PWD/anyhost: failure"
  write < <(failing mass_rounds 3 confirmed true)
  same "$(field '[.reason, .changed_domains] | tojson')" '["failure",2]'
}

@test "write-anyhost: more than half of the units failing, or many domains on their last resort (damping 8.3)" {
  { rankings 4 first +192.0.2.% -198.51.100.1 && closing 4; } | write
  local kept="refused, '$PWD/anyhost' is left as it is"
  local release="to let it pass: write-anyhost --force -o $PWD/anyhost, or wait until rank-ips --state believes it"
  write 1 < <(rankings 4 failure x192.0.2.% +198.51.100.1 && closing 4 up_before 5 newly_down 4)
  same "$stderr" "write-anyhost: fatal: $kept: 4 of 5 units that were up are down at once, more than 50 %, as if this host were blind: d1.com. d2.com. d3.com. d4.com.; $release"
  last() { rankings 2 failure '!192.0.2.%' '!198.51.100.1' && rankings 4 same +192.0.2.% | sed 1,2d && closing 4 up_before 9 newly_down 2 "$@"; }
  write 1 < <(last)
  same "$stderr" "write-anyhost: fatal: $kept: 2 of 4 domains are newly on their last resort, more than 20 %: d1.com. d2.com.; $release"
  same "$(jq -r .key <<<"$output")" "write-anyhost $PWD/anyhost: last-resort"
  write < <(last confirmed true)
}

@test "write-anyhost: voluntary changes are clipped at 10 %, the largest gain first (damping 8.3)" {
  { rankings 20 first +192.0.2.1 -192.0.2.2 && closing 20; } | write
  for round in 1 2; do
    {
      for i in 1 2 3 4; do GAIN=0.$i ranking "d$i.com." voluntary -192.0.2.1 +192.0.2.2; done
      rankings 20 same +192.0.2.1 -192.0.2.2 | sed 1,4d
      closing 20
    } >in
    write in
    same "$(field '[.changed_domains, .clipped, .reason] | tojson')" "[2,$((4 - 2 * round)),\"voluntary\"]"
    same "$(awk '/^d.*192\.0\.2\.2 / {print $1}' anyhost | sort | xargs)" "$([ $round = 1 ] && echo d3.com. d4.com. || echo d1.com. d2.com. d3.com. d4.com.)"
  done
}

@test "write-anyhost: without --installed upstream the cause is found here" {
  { rankings 20 first +192.0.2.1 -192.0.2.2 && closing 20; } | write
  write < <(rankings 20 first x192.0.2.1 +192.0.2.2 && closing 20)
  same "$(field '[.reason, .changed_domains] | tojson')" '["failure",20]'
}

@test "write-anyhost: a bad zone is refused, each fault named (formats 17.12)" {
  write <<<"$(base)"
  local before many
  before=$(inode anyhost)
  mapfile -t many < <(seq -f '+192.0.2.%g' 1 101)
  { ranking cname.com. edited @wild +192.0.2.1
    ranking a_b.com. edited +192.0.2.1
    ranking many.com. edited "${many[@]}"
    ranking twice.com. edited +192.0.2.1
    ranking TWICE.com edited +192.0.2.2
    ranking none.com. edited x192.0.2.1
    ranking multi.com. edited +224.0.0.1
    ranking 'no name.' edited +192.0.2.1
    ranking nowhere.com. edited '@a b'
    closing 9
  } >in
  write 65 in
  same "$stderr" "write-anyhost: fatal: the zone would be bad, '$PWD/anyhost' is left as it is: cname.com. has a CNAME and an address; a_b.com. is no legal host name; many.com. has 101 active A records, more than 100; TWICE.com stands in two places; multi.com. 224.0.0.1 is no usable unicast address; no name. is no domain name; nowhere.com. points to 'a b', which is no name; wild. has no active address, and cname.com. points to it; none.com. has no active record"
  write 65 --force in
  same "$(inode anyhost)" "$before"
  write 65 -n in
  like "$output" $'\nbad zone: a_b.com.: is no legal host name\n'
  SILENT=true write < <(base | sed '$d' && SILENT=true ranking quiet.com. edited x192.0.2.1 && closing 4)
}

@test "write-anyhost: wild. must have an address, even where nothing may be published" {
  write 65 < <(SILENT=true ranking wild. first x192.0.2.1 && ranking a.com. first +192.0.2.1 && closing 2)
  like "$stderr" ': wild. has no active record$'
  same "$(files)" ''
}

@test "write-anyhost: --dry-run says what would change and writes nothing" {
  write --serial 7 <<<"$(base)"
  local before next
  before=$(md5sum anyhost)
  { ranking wild. same +192.0.2.10
    ranking '*.example.com.' same @wild
    ranking img.example.com. failure x192.0.2.22 +192.0.2.21 +192.0.2.24
    ranking new.com. first @wild
    closing 4 up_before 9 newly_down 1
  } >in
  write -n --serial 9 in
  same "$output" 'img.example.com. (failure): as tested
  - 192.0.2.22      0.210000 ip ip_work 200
  + 192.0.2.24      0.210000 ip ip_work 200
new.com. (added): as tested
  + CNAME wild
4 domains, 5 active records: 1 failure, 1 added, serial 7 -> 9'
  write --dry-run -j --serial 9 in
  same "$(field '[.dry_run, .changed, .changed_domains, .serial, .reason] | tojson')" '[true,true,2,9,"failure"]'
  write -n <<<"$(base)"
  same "$output" '3 domains, 4 active records: nothing to write, serial 7 stays'
  write -n --comments <<<"$(base)"
  same "$output" '3 domains, 4 active records: only comment lines to write, serial 7 stays'
  write 1 -n --serial 7 in
  same "$(tail -n 1 <<<"$output")" 'would be refused: serial 7 is not newer than the installed 7'
  write 1 -n -j --serial 7 in
  like "$stderr" "fatal: refused, '$PWD/anyhost' is left as it is: serial 7 is not newer"
  same "$(md5sum anyhost)$(files)" "${before}anyhost
in"
  rm anyhost
  write -n --serial 9 in
  same "$output" '4 domains, 5 active records: a new file, serial 9'
}

@test "write-anyhost: serials only go up, and wrap (formats 10.4)" {
  write --serial 4294967295 <<<"$(base)"
  write < <(base | sed 's/192.0.2.21/192.0.2.29/')
  local now
  now=$(date +%s)
  local serial
  serial=$(field .serial)
  same "$serial" "$(serial_of anyhost)"
  [ "$serial" -le "$now" ]
  write 1 --serial "$serial" <<<"$(base)"
  like "$stderr" "serial $serial is not newer than the installed $serial; to let it pass"
  write --serial "$serial" --force <<<"$(base)"
}

@test "write-anyhost: five older versions are kept as FILE.SERIAL" {
  local version # `run` has an i of its own
  for version in 1 2 3 4 5 6 7 8; do
    write --serial "$version" < <(ranking a.com. edited "+192.0.2.$version" && closing 1)
    touch -d "@$((1700000000 + version))" anyhost
  done
  same "$(field .previous)" "$PWD/anyhost.7"
  same "$(files | xargs)" 'anyhost anyhost.3 anyhost.4 anyhost.5 anyhost.6 anyhost.7'
  whole anyhost.7
  same "$(serial_of anyhost.7)" 7
  write --serial 9 --keep 0 < <(ranking a.com. edited +192.0.2.9 && closing 1)
  same "$(field .previous)" null
  same "$(files)" anyhost
}

@test "write-anyhost: a symbolic link stays one, owner and mode stay (formats 10.1)" {
  need_root
  mkdir chroot etc
  ln -s ../chroot/anyhost etc/anyhost
  base >in
  cmd write-anyhost --checkzone none -o etc/anyhost in
  same "$(field .file)" "$PWD/chroot/anyhost"
  chown 12:34 chroot/anyhost
  chmod 640 chroot/anyhost
  cmd write-anyhost --checkzone none -o etc/anyhost < <(sed 's/192.0.2.21/192.0.2.29/' in)
  same "$(field .changed)" true
  same "$(readlink etc/anyhost)" ../chroot/anyhost
  same "$(stat -c '%u:%g %a' chroot/anyhost)" '12:34 640'
  same "$(files etc)" anyhost
}

@test "write-anyhost: an installed file that is none is refused, with its lines" {
  printf '<html>\n' >anyhost
  write 65 <<<"$(base)"
  same "$stderr" "write-anyhost: fatal: the installed '$PWD/anyhost' is no zone file: line 1: the second field is not IN; line 1: no SOA record with a serial in the header; to replace it: write-anyhost --force -o $PWD/anyhost"
  write --force <<<"$(base)"
  whole anyhost
}

@test "write-anyhost: a file changed by hand is told, and sealed again" {
  write <<<"$(base)"
  sed -i 's/0.400000/0.500000/' anyhost
  write <<<"$(base)"
  same "$stderr" 'write-anyhost: warning: the installed file was changed since it was written: the checksum of the end marker is not that of the file'
  same "$(field .changed)" false
  whole anyhost
}

@test "write-anyhost: --compat 3.3 writes the legacy form, every time (formats 16)" {
  {
    ranking '*.' first @wild
    ranking wild. first +192.0.2.10
    ranking img.example.com. first x192.0.2.23 +192.0.2.22
  } >in
  write --compat 3.3 --serial 1350000000 in
  same "$(cat anyhost)" ";-----
\$TTL 60
\$ORIGIN .
@ IN SOA ns1 root.localhost. (
		1350000000;
		7000;
		3000;
		15000;
		86400;
		);
@ 86400 IN NS ns1
ns1 86400 IN A 127.0.0.1
;-----
*.                       IN      CNAME   wild
wild.                    IN      A       192.0.2.10      ; 0.210000 ip ip_work 200 N
;img.example.com.        IN      A       192.0.2.23      ; 0.000000 ip ip_down 000 N
img.example.com.         IN      A       192.0.2.22      ; 0.210000 ip ip_work 200 N"
  write --compat 3.3 in
  [ "$(serial_of anyhost)" -gt 1700000000 ]
  same "$(field .changed)" false
  write 65 --compat 3.3 < <(ranking v6.com. first +2001:db8::1)
  like "$stderr" ': v6.com. has an IPv6 address, which version 3.3 cannot write$'
}

@test "write-anyhost: a file of version 3.3 is taken over, and gets its end marker" {
  base | sed '$d' >in
  write --compat 3.3 --serial 1350000000 in
  write <<<"$(base)"
  same "$(field '[.changed, .serial] | tojson')" '[false,1350000000]'
  whole anyhost
}

@test "write-anyhost: empty nodes that hide a wildcard are told, and mended by --wildcards (RFC 4592)" {
  write <<<"$(ranking wild. first +192.0.2.10 && ranking '*.com.' first @wild && ranking a.b.example.com. first +192.0.2.1 && closing 3)"
  same "$stderr" 'write-anyhost: warning: 2 empty nodes hide a wildcard from the names below, --wildcards mends it: b.example.com. example.com.'
  write --wildcards <<<"$(ranking wild. same +192.0.2.10 && ranking '*.com.' same @wild && ranking a.b.example.com. same +192.0.2.1 && closing 3)"
  same "$stderr" ''
  same "$(tail -n 3 anyhost | head -n 2)" '*.b.example.com.         IN      CNAME   wild
*.example.com.           IN      CNAME   wild'
}

@test "write-anyhost: named-checkzone has the last word" {
  printf '#!/bin/sh\nprintf "%%s\\n" "zone ./IN: $2 is odd"; exit 1\n' >checkzone
  chmod +x checkzone
  base >in
  cmd 65 write-anyhost -o anyhost --checkzone ./checkzone in
  same "$stderr" 'write-anyhost: fatal: ./checkzone refuses the zone: zone ./IN: fail is odd'
  same "$(files)" 'checkzone
in'
  cmd 69 write-anyhost -o anyhost --checkzone ./missing in
  same "$stderr" "write-anyhost: fatal: './missing': no such program"
  need named-checkzone
  cmd write-anyhost -o anyhost in
  printf '#!/bin/sh\nfor f; do :; done; echo "bad line" >>"$f"; exec named-checkzone "$@"\n' >checkzone
  cmd 65 write-anyhost -o anyhost --checkzone ./checkzone < <(sed 's/192.0.2.21/192.0.2.29/' in)
  like "$stderr" "^write-anyhost: fatal: ./checkzone refuses the zone: line [0-9]+: "
  whole anyhost
}

@test "write-anyhost: named answers what was written, IPv6 too" {
  need named rndc dig
  write < <(base | sed '$d' && ranking v6.example.com. first +2001:db8::5 +192.0.2.5 && closing 4)
  start_named anyhost
  same "$(answers img.example.com)" '192.0.2.21
192.0.2.22'
  same "$(answers other.example.com)" '192.0.2.10
wild.'
  same "$(answers v6.example.com AAAA)" 2001:db8::5
  same "$(served_serial)" "$(serial_of anyhost)"
  write < <(base | sed 's/192.0.2.21/192.0.2.29/; $d' && ranking v6.example.com. same +2001:db8::5 +192.0.2.5 && closing 4)
  "${rndc[@]}" reload .
  same "$(served_serial)" "$(field .serial)"
  same "$(answers img.example.com)" '192.0.2.22
192.0.2.29'
}

@test "write-anyhost: a full disk leaves the old file and nothing else" {
  need_root
  mkdir disk
  mount -t tmpfs -o size=64k tmpfs disk || skip 'needs mount'
  base >in
  cmd write-anyhost --checkzone none -o disk/anyhost in
  { rankings 2000 first +192.0.2.1 && closing 2000; } >large
  cmd 74 write-anyhost --checkzone none --force -o disk/anyhost large
  like "$stderr" "fatal: unable to write '$PWD/disk/anyhost': no space left on device$"
  same "$(files disk)" anyhost
  whole disk/anyhost
}

@test "write-anyhost: a directory that cannot be written" {
  need_root
  mkdir disk
  base >in
  mount -t tmpfs -o ro tmpfs disk || skip 'needs mount'
  cmd 74 write-anyhost --checkzone none -o disk/anyhost in
  like "$stderr" "^write-anyhost: fatal: unable to write '$PWD/disk/anyhost': read-only file system$"
  cmd 74 write-anyhost --checkzone none -o missing/anyhost in
  like "$stderr" "^write-anyhost: fatal: unable to write '$PWD/missing/anyhost': no such file or directory$"
  mkdir anyhost
  cmd 74 write-anyhost --checkzone none -o anyhost in
  like "$stderr" "^write-anyhost: fatal: unable to read '$PWD/anyhost': is a directory$"
}

@test "write-anyhost: without the right to write, or to keep the owner" {
  need_root
  need setpriv
  local plain=(setpriv --bounding-set=-all --inh-caps=-all)
  mkdir theirs ours
  chown 12 theirs
  base >in
  cmd 77 "${plain[@]}" write-anyhost --checkzone none -o theirs/anyhost in
  same "$stderr" "write-anyhost: fatal: unable to write '$PWD/theirs/anyhost': permission denied"
  cmd write-anyhost --checkzone none -o ours/anyhost in
  chown 12 ours/anyhost
  cmd 77 "${plain[@]}" write-anyhost --checkzone none -o ours/anyhost < <(sed 's/192.0.2.21/192.0.2.29/' in)
  same "$stderr" "write-anyhost: fatal: unable to write '$PWD/ours/anyhost': operation not permitted"
  same "$(files ours)" anyhost
  whole ours/anyhost
}

# 100 times: write, kill -9 at a random moment of about the time it takes, look.
kill_and_look() {
  local dir=$1 i pid nap
  for ((i = 1; i <= 100; i++)); do
    write-anyhost --checkzone none --force --keep 1 -o "$dir/anyhost" "in$((i % 2))" >"$dir/out" 2>&1 3>&- &
    pid=$!
    printf -v nap '%d.%06d' $(((nap = $2 * (13107 + RANDOM * 4 / 5) / 32768) / 1000000)) $((nap % 1000000))
    sleep "$nap"
    kill -s KILL "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
    whole "$dir/anyhost" || { echo "torn in try $i" && return 1; }
  done
}

@test "write-anyhost: killed 200 times at random moments, never a torn file, nothing left behind" {
  { rankings 300 first +192.0.2.1 && closing 300; } >in0
  { rankings 300 first +192.0.2.2 && closing 300; } >in1
  mkdir one two
  cmd write-anyhost --checkzone none -o one/anyhost in0
  local from=${EPOCHREALTIME/./} took
  cmd write-anyhost --checkzone none -o two/anyhost in0
  took=$((${EPOCHREALTIME/./} - from))
  kill_and_look one "$took" 3>&- &
  local other=$!
  kill_and_look two "$took"
  wait "$other"
  for dir in one two; do
    cmd write-anyhost --checkzone none --force --keep 1 --serial 4200000000 -o $dir/anyhost in0
    cmd write-anyhost --checkzone none --force --keep 1 -o $dir/anyhost in1
    like "$(files $dir | xargs)" '^anyhost anyhost\.[0-9]+ out$'
  done
}
