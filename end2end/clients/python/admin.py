"""confluent-kafka's AdminClient, every call that the broker serves. Run as `admin.py BOOTSTRAP`."""
import random
import string
import sys
import time

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

bootstrap = sys.argv[1]
suffix = "".join(random.choices(string.ascii_lowercase, k=6))
TOPIC, GROUP = f"admin_{suffix}", f"admin_group_{suffix}"
admin = AdminClient({"bootstrap.servers": bootstrap})


def refused(future, code):
    try:
        future.result()
    except KafkaException as error:
        assert error.args[0].name() == code, error
        return error.args[0].str()
    raise AssertionError(f"{code} was expected")


cluster = admin.describe_cluster().result()
assert len(cluster.nodes) == 1 and cluster.cluster_id and len(cluster.cluster_id) == 22, cluster.cluster_id

admin.create_topics([NewTopic(TOPIC, 3, 1, config={"retention.ms": "60000"})])[TOPIC].result()
refused(admin.create_topics([NewTopic(TOPIC, 3, 1)])[TOPIC], "TOPIC_ALREADY_EXISTS")
message = refused(admin.create_topics([NewTopic(f"{TOPIC}_rf", 1, 3)])[f"{TOPIC}_rf"], "INVALID_REPLICATION_FACTOR")
assert "3" in message, message
refused(admin.create_topics([NewTopic(f"{TOPIC}_c", 1, 1, config={"no.such": "1"})])[f"{TOPIC}_c"], "INVALID_CONFIG")
refused(
    admin.create_topics([NewTopic(f"{TOPIC}_c", 1, 1, config={"cleanup.policy": "compact"})])[f"{TOPIC}_c"],
    "INVALID_CONFIG",
)

resource = ConfigResource(ResourceType.TOPIC, TOPIC)
configs = admin.describe_configs([resource])[resource].result()
assert configs["retention.ms"].value == "60000" and len(configs) >= 33, len(configs)
change = ConfigResource(
    ResourceType.TOPIC,
    TOPIC,
    incremental_configs=[ConfigEntry("retention.ms", "120000", incremental_operation=AlterConfigOpType.SET)],
)
admin.incremental_alter_configs([change])[change].result()
assert admin.describe_configs([resource])[resource].result()["retention.ms"].value == "120000"

admin.create_partitions([NewPartitions(TOPIC, 5)])[TOPIC].result()
refused(admin.create_partitions([NewPartitions(TOPIC, 2)])[TOPIC], "INVALID_PARTITIONS")
assert len(admin.list_topics(TOPIC).topics[TOPIC].partitions) == 5

producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "compression.type": "zstd"})
for number in range(500):
    producer.produce(TOPIC, key=f"k{number}", value=f"v{number}", headers=[("h", b"1"), ("h", b"2")])
assert producer.flush(30) == 0

ends = admin.list_offsets({TopicPartition(TOPIC, p): OffsetSpec.latest() for p in range(5)})
total = sum(future.result().offset for future in ends.values())
assert total == 500, total

consumer = Consumer(
    {"bootstrap.servers": bootstrap, "group.id": GROUP, "auto.offset.reset": "earliest", "enable.auto.commit": False}
)
consumer.subscribe([TOPIC])
seen = {}
while len(seen) < 500:
    message = consumer.poll(10)
    assert message is not None and message.error() is None, message and message.error()
    assert message.headers() == [("h", b"1"), ("h", b"2")], message.headers()
    seen[message.key()] = message.value()
consumer.commit(asynchronous=False)
described = admin.describe_consumer_groups([GROUP])[GROUP].result()
assert described.state.name == "STABLE" and len(described.members) == 1, described.state
refused(admin.delete_consumer_groups([GROUP])[GROUP], "NON_EMPTY_GROUP")
consumer.close()

committed = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(GROUP)])[GROUP].result()
assert sum(partition.offset for partition in committed.topic_partitions) == 500, committed.topic_partitions
back = ConsumerGroupTopicPartitions(GROUP, [TopicPartition(TOPIC, 0, 0)])
admin.alter_consumer_group_offsets([back])[GROUP].result()
assert any(group.group_id == GROUP for group in admin.list_consumer_groups().result().valid)

first = TopicPartition(TOPIC, 0, 1)
low = admin.delete_records([first])[first].result().low_watermark
assert low == 1, low

admin.delete_consumer_groups([GROUP])[GROUP].result()
admin.delete_topics([TOPIC])[TOPIC].result()
deadline = time.monotonic() + 10
while TOPIC in admin.list_topics().topics:
    assert time.monotonic() < deadline, "the topic is still listed"
    time.sleep(0.05)
print("admin: every call answered as it should")
