# Rankings by hand, as rank-ips writes them.
# shellcheck shell=bash

# ranking DOMAIN CAUSE [ADDRESS...]: +IP published, -IP a comment, !IP published although down, xIP down and a comment,
# bIP a published backup, @NAME a CNAME. $GAIN and $SILENT go into the record.
ranking() {
  local domain=$1 cause=$2 cname=null list='' word ip kind status active code time
  shift 2
  for word; do
    ip=${word:1} kind=ip status=ip_work active=true code=200 time=0.21
    case $word in
    @*) cname="\"$ip\"" && continue ;;
    -*) status=ip_good active=false time=0.4 ;;
    !*) status=ip_down code=000 time=null ;;
    x*) status=ip_down active=false code=000 time=null ;;
    b*) kind=backup ;;
    esac
    list+="${list:+,}{\"ip\":\"$ip\",\"kind\":\"$kind\",\"status\":\"$status\",\"active\":$active,\"time\":$time,\"code\":\"$code\",\"slow\":false}"
  done
  printf '{"type":"ranking","domain":"%s","case":"C","cname":%s,"addresses":[%s],"silent":%s,"reason":"as tested","cause":"%s","gain":%s,"changed":true}\n' \
    "$domain" "$cname" "$list" "${SILENT:-false}" "$cause" "${GAIN:-0}"
}

# closing DOMAINS [FIELD VALUE]...: the closing record of rank-ips; all is well unless the fields say otherwise
closing() {
  local -A field=([units]=9 [ok]=9 [blind]=false [blind_reason]=null [up_before]=0 [newly_down]=0 [mass_rounds]=0 [confirmed]=false)
  local domains=$1
  shift
  while [ $# -gt 0 ]; do
    field[$1]=$2
    shift 2
  done
  printf '{"type":"round","by":"rank-ips","time":"2026-11-22T02:00:00.000Z","domains":%s,"units":%s,"ok":%s,"suspect":0,"seconds":1,"bytes":1,"blind":%s,"blind_reason":%s,"up_before":%s,"newly_down":%s,"mass_rounds":%s,"confirmed":%s,"config_changed":false}\n' \
    "$domains" "${field[units]}" "${field[ok]}" "${field[blind]}" "${field[blind_reason]}" "${field[up_before]}" "${field[newly_down]}" "${field[mass_rounds]}" "${field[confirmed]}"
}

# rankings N CAUSE [ADDRESS...]: N domains d1.com. … with the same addresses, % in them standing for the number
rankings() {
  local n=$1 cause=$2 i
  shift 2
  for ((i = 1; i <= n; i++)); do ranking "d$i.com." "$cause" "${@//%/$i}"; done
}

# whole FILE: its end marker vouches for it
whole() {
  [ "$(sed '$d' "$1" | sha256sum | cut -c 1-64)" = "$(sed -n '$s/.* sha256=//p' "$1")" ]
}
