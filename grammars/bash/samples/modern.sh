#!/bin/bash
# Valid Bash; the grammar rejects extended globs, so its findings stay silent.
shopt -s extglob
rm !(a|b) +(c) @(x).txt
case $1 in
  a) echo a ;;&
  b | c) echo b ;&
  *) echo rest ;;
esac
declare -A map=([a]=1 ["b c"]=2)
echo "${map[@]}" "${!map[@]}" "${#map[@]}" "${x:-${y:=z}}" "${x/a/b}" "${x^^}" "${x@Q}" "${!ref}" "${x:1:2}"
mapfile -t lines < <(sort file)
coproc worker { read -r line; }
if [[ $a =~ ^[0-9]+$ && -n ${b} || ! -e c ]]; then :; fi
(( i++ , j = i ** 2 )) || let k=1
exec 3<> file >&2 2>&1 &> log
echo $'ansi\n' $"translated" {1..5} {a,b}c ~user $((1 + 2)) $(< file) <<< "here" &
function name-with-dash() { local -n ref=$1; return; }
time ! true |& cat
select x in a; do break; done
trap - INT
cat <<-'EOT'
	raw $x
	EOT
