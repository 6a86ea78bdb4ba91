#!/usr/bin/env bash
# kcat, Debian's old librdkafka: metadata, every compression, offsets, timestamps, groups.
# Run as `kcat.sh BOOTSTRAP DATA_DIR`.
set -euo pipefail
bootstrap=$1 data=$2
suffix=$RANDOM$RANDOM
die() { echo "kcat: $*" >&2; exit 1; }

kcat -b "$bootstrap" -L | grep 'broker 1 at' >/dev/null || die "no broker in the metadata"

for codec in none gzip snappy lz4 zstd; do
    topic=kcat-$codec-$suffix
    for _ in $(seq 2000); do echo '{"the":"same","line":"again and again"}'; done >/tmp/kcat-$suffix
    kcat -b "$bootstrap" -P -t "$topic" -z "$codec" </tmp/kcat-$suffix
    kcat -b "$bootstrap" -C -t "$topic" -o beginning -e -q >/tmp/kcat-back-$suffix
    cmp /tmp/kcat-$suffix /tmp/kcat-back-$suffix || die "$codec: what came back differs"
done
# The segments hold compressed batches: the codec is in the low bits of byte 22 of each batch.
compressed=0
for log in $(find "$data/logs" -name '*.log'); do
    codec=$(od -An -tu1 -j22 -N1 "$log" | tr -d ' ')
    case $codec in 1 | 2 | 3 | 4) compressed=$((compressed + 1)) ;; esac
done
[ "$compressed" -ge 4 ] || die "only $compressed segments hold compressed batches"

topic=kcat-plain-$suffix
seq 1 100 | sed 's/.*/k&:v&/' | kcat -b "$bootstrap" -P -t "$topic" -K :
[ "$(kcat -b "$bootstrap" -C -t "$topic" -o 98 -e -q -f '%o=%k=%s ')" = "98=k99=v99 99=k100=v100 " ] || die "offsets"
[ "$(kcat -b "$bootstrap" -C -t "$topic" -o -1 -e -q -f '%s')" = v100 ] || die "newest"
stamp=$(kcat -b "$bootstrap" -C -t "$topic" -o 50 -c 1 -q -f '%T')
kcat -b "$bootstrap" -Q -t "$topic:0:$stamp" | grep "offset" >/dev/null || die "offset by time"
kcat -b "$bootstrap" -P -t "$topic" -X enable.idempotence=true <<<"once"

# Two members share a group of two partitions' worth of work without losing a record.
topic=kcat-group-$suffix group=kcat-$suffix
seq 1 200 | kcat -b "$bootstrap" -P -t "$topic"
timeout 20 kcat -b "$bootstrap" -G "$group" "$topic" -o beginning -q -c 200 >/tmp/kcat-a-$suffix &
first=$!
timeout 20 kcat -b "$bootstrap" -G "$group" "$topic" -q -e >/tmp/kcat-b-$suffix 2>/dev/null &
wait $first || true
kill %2 2>/dev/null || true
wait 2>/dev/null || true
[ "$(sort -un /tmp/kcat-a-$suffix /tmp/kcat-b-$suffix | wc -l)" = 200 ] || die "the group lost records"
rm -f /tmp/kcat-*"$suffix"
echo "kcat: metadata, five codecs, offsets, time, idempotence, groups"
