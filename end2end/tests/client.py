"""Kafka clients for the browser tests: `client.py BOOTSTRAP COMMAND ...`, answers as JSON lines."""

import json
import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic


def say(answer):
    print(json.dumps(answer), flush=True)


def consumer_of(bootstrap, group):
    return Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": group,
        "client.id": "e2e-member",
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "session.timeout.ms": 10_000,
    })


def take(consumer, count):
    """Reads exactly `count` records and commits behind each of them."""
    seen, deadline = {}, time.monotonic() + 30
    while count > 0 and time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is None or message.error():
            continue
        count -= 1
        seen[message.topic(), message.partition()] = message.offset() + 1
    if seen:
        places = [TopicPartition(topic, partition, offset) for (topic, partition), offset in seen.items()]
        consumer.commit(offsets=places, asynchronous=False)
    return {"missing": count, "committed": {f"{t}-{p}": o for (t, p), o in seen.items()}}


def member(bootstrap, group, topic):
    consumer = consumer_of(bootstrap, group)
    consumer.subscribe([topic])
    for line in sys.stdin:
        command, *rest = line.split()
        if command == "take":
            say(take(consumer, int(rest[0])))
        if command == "close":
            consumer.close()
            say({})
            return


def first(bootstrap, group, topic):
    """The offset that a member of the group reads first."""
    consumer = consumer_of(bootstrap, group)
    consumer.subscribe([topic])
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is not None and not message.error():
            say({"partition": message.partition(), "offset": message.offset()})
            break
    consumer.close()


def committed(bootstrap, group, topic, partitions):
    consumer = consumer_of(bootstrap, group)
    places = [TopicPartition(topic, partition) for partition in range(int(partitions))]
    say([place.offset for place in consumer.committed(places, timeout=20)])
    consumer.close()


def pour(bootstrap, topic, rate, seconds):
    """Writes `rate` records a second; one in a hundred carries a marker and the time it was handed over."""
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 1, "acks": "all"})
    total, start = int(rate) * int(seconds), time.monotonic()
    failed, acked = [], {}

    def done(error, message):
        if error is not None:
            failed.append(str(error))
        elif message.key().startswith(b"marker-"):
            acked[message.key().decode()] = time.time() * 1000

    for n in range(total):
        wait = start + n / int(rate) - time.monotonic()
        producer.poll(max(wait, 0))
        while (rest := start + n / int(rate) - time.monotonic()) > 0:
            time.sleep(min(rest, 0.0005))
        key = f"marker-{n}" if n % 100 == 50 else f"sensor-{n % 37}"
        value = json.dumps({"n": n, "sent_ms": time.time() * 1000, "note": "x" * 60})
        producer.produce(topic, key=key, value=value, on_delivery=done)
    producer.flush(30)
    say({"written": total - len(failed), "failed": failed[:3], "took_s": time.monotonic() - start, "acked": acked})


def batches(names, size=200):
    return (names[at:at + size] for at in range(0, len(names), size))


def names_of(prefix, count):
    return [f"{prefix}-{n:05}" for n in range(int(count))]


def create(bootstrap, prefix, count):
    admin, start = AdminClient({"bootstrap.servers": bootstrap}), time.monotonic()
    for names in batches(names_of(prefix, count)):
        new = [NewTopic(name, num_partitions=1, replication_factor=1) for name in names]
        for future in admin.create_topics(new, request_timeout=60).values():
            future.result()
    say({"took_s": time.monotonic() - start})


def delete(bootstrap, prefix, count):
    admin, start = AdminClient({"bootstrap.servers": bootstrap}), time.monotonic()
    for names in batches(names_of(prefix, count)):
        for future in admin.delete_topics(names, request_timeout=60).values():
            future.result()
    say({"took_s": time.monotonic() - start})


def topic(bootstrap, name, partitions):
    new = NewTopic(name, num_partitions=int(partitions), replication_factor=1)
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([new])[name].result()
    say({})


COMMANDS = [member, first, committed, pour, create, delete, topic]

if __name__ == "__main__":
    _, bootstrap, command, *rest = sys.argv
    {function.__name__: function for function in COMMANDS}[command](bootstrap, *rest)
