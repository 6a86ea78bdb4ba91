"""The first users' own programs: quixstreams writes, reads and processes weather readings.

Run as `weather.py BOOTSTRAP CONSOLE`. A made-up reading stands in for the weather service. Topic
and group names carry a random suffix so that runs never meet; every step asserts what it did.
"""
import json
import random
import string
import sys
import time
import urllib.request

from confluent_kafka import Consumer, TopicPartition
from quixstreams import Application

bootstrap, console = sys.argv[1], sys.argv[2]
suffix = "".join(random.choices(string.ascii_lowercase, k=6))
SOURCE, SINK = f"weather_data_demo_{suffix}", f"weather_i18n_{suffix}"
READER, PROCESSOR = f"weather_reader_{suffix}", f"weather_processor_{suffix}"
COUNT = random.randint(60, 120)


def reading(number):
    """A reading in the shape of the weather service's answer."""
    return {
        "latitude": 51.5,
        "longitude": -0.11,
        "current": {
            "time": "2026-01-01T00:00",
            "temperature_2m": round(random.uniform(-20, 40), 1),
            "wind_speed_10m": round(random.uniform(0, 30), 1),
        },
        "sensor": 9007199254740993 + number,
    }


def api(path):
    with urllib.request.urlopen(f"{console}/api/v1/clusters/local{path}") as answer:
        return json.load(answer)


def until(what, condition, seconds=30):
    """Waits for a condition, never for a time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


written = [reading(number) for number in range(COUNT)]

# Producer.
app = Application(broker_address=bootstrap, loglevel="WARNING")
with app.get_producer() as producer:
    for each in written:
        producer.produce(topic=SOURCE, key="London", value=json.dumps(each))
head = until("the console shows the topic", lambda: next(
    (row for row in api(f"/topics?filter={SOURCE}")["rows"] if row["messages"] == {"Exact": COUNT}), None))
assert head["partitions_count"] >= 1, head

# Consumer: reads half and commits, so that the console shows the rest as lag.
reader = Application(
    broker_address=bootstrap, consumer_group=READER, auto_offset_reset="earliest", loglevel="WARNING"
)
half = COUNT // 2
with reader.get_consumer(auto_commit_enable=False) as consumer:
    consumer.subscribe([SOURCE])
    seen = []
    while len(seen) < half:
        message = consumer.poll(5)
        assert message is not None and message.error() is None, message and message.error()
        seen.append(json.loads(message.value()))
    assert seen == written[:half], "records came back in another order or changed"
    consumer.commit(offsets=[TopicPartition(SOURCE, 0, half)], asynchronous=False)


def lag():
    detail = next((row for row in api(f"/groups?filter={READER}")["rows"]), None)
    return detail and detail["lag"] and detail["lag"]["messages"]


until(f"the console shows a lag of {COUNT - half}", lambda: lag() == COUNT - half)
with reader.get_consumer(auto_commit_enable=False) as consumer:
    consumer.subscribe([SOURCE])
    rest = []
    while len(rest) < COUNT - half:
        message = consumer.poll(5)
        assert message is not None and message.error() is None, message and message.error()
        rest.append(json.loads(message.value()))
    assert rest == written[half:], "the committed offset was not where reading went on"
    consumer.commit(offsets=[TopicPartition(SOURCE, 0, COUNT)], asynchronous=False)
until("the lag falls to 0", lambda: lag() == 0)

# Processor: turns one topic into another.
processor = Application(
    broker_address=bootstrap,
    consumer_group=PROCESSOR,
    auto_offset_reset="earliest",
    loglevel="WARNING",
    use_changelog_topics=False,
)
source = processor.topic(SOURCE, value_deserializer="json")
sink = processor.topic(SINK, value_serializer="json")


def translate(value):
    celsius = value["current"]["temperature_2m"]
    return {"celsius": celsius, "fahrenheit": round(celsius * 9 / 5 + 32, 2), "sensor": value["sensor"]}


processor.dataframe(source).apply(translate).to_topic(sink)
processor.run(count=COUNT, timeout=30)

expected = [translate(each) for each in written]
check = Consumer({"bootstrap.servers": bootstrap, "group.id": f"check_{suffix}", "auto.offset.reset": "earliest",
                  "enable.auto.commit": False})
check.subscribe([SINK])
got = []
while len(got) < COUNT:
    message = check.poll(10)
    assert message is not None and message.error() is None, message and message.error()
    got.append(json.loads(message.value()))
check.close()
assert got == expected, "the processor lost or changed records"
until("the processor's lag is 0 on the console", lambda: next(
    (row["lag"]["messages"] == 0 for row in api(f"/groups?filter={PROCESSOR}")["rows"] if row["lag"]), False))
print(f"weather: {COUNT} readings written, read, processed")
