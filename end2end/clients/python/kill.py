"""kill -9 while a producer writes with acks=all, twenty times: no acknowledged record is lost, no
record is there twice, committed offsets never go back. Run as `kill.py FRESHET_BINARY`."""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

ROUNDS = 20
binary = sys.argv[1]
folder = tempfile.mkdtemp()
kafka = None
process = None


def start():
    global process, kafka
    command = [binary, "--data-dir", f"{folder}/data", "--console", "127.0.0.1:0", "--kafka", kafka or "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=open(f"{folder}/log", "ab"))
    line = process.stdout.readline()
    assert line, open(f"{folder}/log").read()[-2000:]
    kafka = json.loads(line)["kafka"][0]


start()
acked, sent = {}, 0
stop = threading.Event()
producer = Producer(
    {
        "bootstrap.servers": kafka,
        "enable.idempotence": True,
        "linger.ms": 1,
        "message.timeout.ms": 120000,
        "reconnect.backoff.max.ms": 100,
        "topic.metadata.refresh.interval.ms": 500,
    }
)


def delivered(error, message):
    assert error is None, error
    acked[message.value()] = message.offset()


def write():
    global sent
    while not stop.is_set():
        try:
            producer.produce("killed", f"{sent}", on_delivery=delivered, partition=0)
            sent += 1
        except BufferError:
            pass
        producer.poll(0.0005)


writer = threading.Thread(target=write)
writer.start()
committed = 0
for number in range(ROUNDS):
    print(f"round {number}: {len(acked)} acknowledged of {sent}", flush=True)
    before = len(acked)
    deadline = time.monotonic() + 30
    while len(acked) < before + random.randint(50, 400):
        assert time.monotonic() < deadline, f"round {number}: nothing is acknowledged any more"
        time.sleep(0.005)
    commit = Consumer({"bootstrap.servers": kafka, "group.id": "keeper", "enable.auto.commit": False})
    offset = max(acked.values())
    commit.commit(offsets=[TopicPartition("killed", 0, offset)], asynchronous=False)
    committed = max(committed, offset)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    start()
    deadline = time.monotonic() + 30
    while True:
        found = commit.committed([TopicPartition("killed", 0)], timeout=30)[0]
        if found.error is None:
            break
        assert time.monotonic() < deadline, found.error
    assert found.offset >= committed, f"round {number}: commit went back from {committed} to {found.offset}"
    commit.close()
stop.set()
writer.join()
assert producer.flush(60) == 0, "the last records were never acknowledged"

reader = Consumer({"bootstrap.servers": kafka, "group.id": "reader", "enable.auto.commit": False,
                   "auto.offset.reset": "earliest", "enable.partition.eof": True})
reader.assign([TopicPartition("killed", 0, 0)])
found, next_offset = {}, 0
while True:
    message = reader.poll(10)
    assert message is not None, "reading stopped"
    if message.error():
        assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
        break
    assert message.offset() == next_offset, f"offset {message.offset()} after {next_offset - 1}"
    next_offset += 1
    assert message.value() not in found, f"{message.value()} is there twice"
    found[message.value()] = message.offset()
lost = [value for value in acked if value not in found]
moved = [value for value, offset in acked.items() if value in found and found[value] != offset]
assert not lost, f"{len(lost)} acknowledged records are lost, the first is {lost[0]}"
assert not moved, f"{len(moved)} acknowledged records have another offset"
process.terminate()
assert process.wait(15) == 0, "SIGTERM did not end it cleanly"
print(f"kill -9: {ROUNDS} rounds, {len(acked)} acknowledged records, all there once and in place")
