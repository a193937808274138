# The programs that are known to read the zone file (formats 13), as small as they can be: they must see no difference
# between what version 3.3 wrote and what write-anyhost writes (formats 17.11).

load helpers
load rankings

setup() { clean_place; }

# 1. The checker: domain.conf has N in column 2. Fatal: nothing active but ip_down; error: no active main address;
# warning: a slow one that is down or bad.
checker() {
  awk '
    NR == FNR { if ($1 !~ /^#/ && $2 ~ /N/) { o = $1 ~ /\.$/ ? $1 : $1 "."; watched[o] = 1; order[++n] = o } next }
    /^;-----/ { next }
    $2 != "IN" { next }
    { owner = $1; active = sub(/^;/, "", owner) == 0 }
    !(owner in watched) { next }
    $3 == "CNAME" && active { alias[owner] = 1; next }
    $3 != "A" { next }
    active { seen[owner] = 1; if ($8 != "ip_down") alive[owner] = 1; if ($7 == "ip") main[owner] = 1 }
    $10 == "Y" && ($8 == "ip_down" || $8 == "ip_bad") { slow[owner] = 1 }
    END {
      for (i = 1; i <= n; i++) {
        o = order[i]
        if (o in alias) continue
        if ((o in seen) && !(o in alive)) { fatal++; list[1] = list[1] " " o }
        else if (!(o in main)) { error++; list[2] = list[2] " " o }
        else if (o in slow) { warning++; list[3] = list[3] " " o }
      }
      print (fatal ? 4000 : 0) + (error ? 2000 : 0) + (warning ? 1000 : 0) + fatal + error + warning
      for (i = 1; i <= 3; i++) print substr(list[i], 2)
    }' domain.conf "$1"
}

# 2. The mode switch: field 7 (from 0) of the lines whose field 3 is an address; with nothing but ip_down, named goes plain.
mode() {
  [ -s "$1" ] || { echo plain && return; }
  awk '$4 ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/ { n++; if ($8 != "ip_down") up++ } END { print (n && up) ? "zone" : "plain" }' "$1"
}

# 3. The statistics: lines of exactly ten fields whose owner begins with a letter or a digit, but for wild.
statistics() {
  awk 'NF == 10 && $1 ~ /^[A-Za-z0-9]/ && $1 != "wild." { n++; c[$8]++ } END { print n + 0, c["ip_down"] + 0, c["ip_bad"] + 0 }' "$1"
}

# 4. The forerunner, which keeps the lines of a host as they are: by owner, commented or not.
lines_of() { awk -v o="$2" '$1 == o || $1 == ";" o' "$1"; }

# same_to_all LEGACY OURS: the four see the same in both
same_to_all() {
  same "$(checker "$2")" "$(checker "$1")"
  same "$(mode "$2")" "$(mode "$1")"
  same "$(statistics "$2")" "$(statistics "$1")"
  while read -r owner _; do
    same "$(lines_of "$2" "${owner%.}.")" "$(lines_of "$1" "${owner%.}.")"
  done <domain.conf
}

@test "zone file: the known readers see the same in the legacy form and in ours (formats 13, 17.11)" {
  printf '%s N N 1 3 2\n' '*.com.' wild. img.example.com api.example.com. down.example.com. gone.example.com. >domain.conf
  {
    ranking '*.com.' first @wild
    ranking wild. first +192.0.2.10
    ranking img.example.com. first x192.0.2.23 +192.0.2.22 +192.0.2.21 -198.51.100.8
    ranking api.example.com. first b203.0.113.6 | sed 's/ip_work/ip_bad/; s/"slow":false/"slow":true/'
    ranking down.example.com. first '!192.0.2.30' '!192.0.2.31'
    SILENT=true ranking gone.example.com. first x192.0.2.40
    closing 6
  } >in
  cmd write-anyhost --checkzone none --compat 3.3 -o legacy in
  cmd write-anyhost --checkzone none -o ours in
  same_to_all legacy ours
  same "$(checker ours)" '6003
down.example.com.
api.example.com. gone.example.com.'
  same "$(mode ours)" zone
  same "$(statistics ours)" '5 2 1'

  { ranking down.example.com. first '!192.0.2.30' && closing 1; } >in
  cmd write-anyhost --checkzone none --compat 3.3 -o legacy in
  cmd write-anyhost --checkzone none --force -o ours in
  same_to_all legacy ours
  same "$(mode ours)" plain
}

@test "zone file: IPv6 lines are passed over by readers of the legacy form" {
  printf 'v6.example.com. N N 1 3 2\n' >domain.conf
  { ranking v6.example.com. first +192.0.2.1 && closing 1; } >in4
  { ranking v6.example.com. first +192.0.2.1 +2001:db8::1 && closing 1; } >in6
  cmd write-anyhost --checkzone none -o four in4
  cmd write-anyhost --checkzone none -o six in6
  same "$(checker six)" "$(checker four)"
  same "$(mode six)" "$(mode four)"
}
