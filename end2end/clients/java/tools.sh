#!/usr/bin/env bash
# Apache Kafka's own command-line tools against us. Run as `tools.sh BOOTSTRAP DATA_DIR`.
set -euo pipefail
cd "$(dirname "$0")"
bootstrap=$1 data=$2
suffix=$RANDOM$RANDOM
topic=tools-$suffix group=tools-$suffix
die() { echo "java tools: $*" >&2; exit 1; }
tool() { java -Xmx200m -XX:TieredStopAtLevel=1 -cp '../../oracle/lib/*' "$@" 2>/tmp/tool-err-$suffix || {
    cat /tmp/tool-err-$suffix >&2; die "$1 failed"; }; }

tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$bootstrap" --create --topic "$topic" --partitions 2 \
    --config retention.ms=3600000 | grep "Created topic" >/dev/null || die "create"
tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$bootstrap" --describe --topic "$topic" |
    grep "PartitionCount: 2.*retention.ms=3600000" >/dev/null || die "describe"
tool kafka.admin.ConfigCommand --bootstrap-server "$bootstrap" --alter --entity-type topics --entity-name "$topic" \
    --add-config max.message.bytes=2000000 >/dev/null
tool kafka.admin.ConfigCommand --bootstrap-server "$bootstrap" --describe --entity-type topics --entity-name "$topic" |
    grep "max.message.bytes=2000000" >/dev/null || die "config"

seq 1 300 | tool org.apache.kafka.tools.ConsoleProducer --bootstrap-server "$bootstrap" --topic "$topic"
tool org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$bootstrap" --topic "$topic" --group "$group" \
    --from-beginning --max-messages 300 --timeout-ms 20000 | sort -n | cmp - <(seq 1 300) || die "console consumer"
tool org.apache.kafka.tools.consumer.group.ConsumerGroupCommand --bootstrap-server "$bootstrap" --describe --group "$group" \
    >/tmp/tool-$suffix
[ "$(awk -v t="$topic" '$2 == t { lag += $6 } END { print lag }' /tmp/tool-$suffix)" = 0 ] || die "lag"
tool org.apache.kafka.tools.consumer.group.ConsumerGroupCommand --bootstrap-server "$bootstrap" --group "$group" \
    --reset-offsets --to-earliest --topic "$topic" --execute >/dev/null
tool org.apache.kafka.tools.consumer.group.ConsumerGroupCommand --bootstrap-server "$bootstrap" --describe --group "$group" \
    >/tmp/tool-$suffix
[ "$(awk -v t="$topic" '$2 == t { lag += $6 } END { print lag }' /tmp/tool-$suffix)" = 300 ] || die "lag after reset"
tool org.apache.kafka.tools.consumer.group.ConsumerGroupCommand --bootstrap-server "$bootstrap" --delete --group "$group" >/dev/null
tool org.apache.kafka.tools.GetOffsetShell --bootstrap-server "$bootstrap" --topic "$topic" >/tmp/tool-$suffix
[ "$(awk -F: '{ sum += $3 } END { print sum }' /tmp/tool-$suffix)" = 300 ] || die "get-offsets"
tool org.apache.kafka.tools.LogDirsCommand --bootstrap-server "$bootstrap" --describe --topic-list "$topic" |
    grep "\"partition\":\"$topic-0\"" >/dev/null || die "log dirs"

tool org.apache.kafka.tools.VerifiableProducer --bootstrap-server "$bootstrap" --topic "$topic" --max-messages 5000 |
    grep '"sent":5000,"acked":5000' >/dev/null || die "verifiable producer"
tool org.apache.kafka.tools.VerifiableConsumer --bootstrap-server "$bootstrap" --topic "$topic" \
    --group-id "v-$suffix" --reset-policy earliest --max-messages 5300 >/tmp/tool-$suffix
grep offsets_committed /tmp/tool-$suffix >/dev/null || die "verifiable consumer"

# Kafka's own reader of segment files finds nothing to complain about in ours.
checked=0
for log in $(find "$data/logs" -name "*.log" -size +1k -print -quit); do
    tool kafka.tools.DumpLogSegments --files "$log" >/tmp/tool-$suffix
    grep 'isvalid: true' /tmp/tool-$suffix >/dev/null || die "dump-log finds no valid batch in $log"
    if grep "isvalid: false" >/dev/null /tmp/tool-$suffix; then die "dump-log finds a bad batch in $log"; fi
    checked=$((checked + 1))
done
[ "$checked" -gt 0 ] || die "no segment to look at"
tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$bootstrap" --delete --topic "$topic"
rm -f /tmp/tool-$suffix /tmp/tool-err-$suffix
echo "java tools: topics, configs, producers, consumers, groups, offsets, log dirs, $checked segments dumped"
