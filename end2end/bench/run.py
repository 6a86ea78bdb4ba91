#!/usr/bin/env python3
"""Freshet beside the newest Apache Kafka 4.x, same client, one run on one machine.

`make bench` runs it: every figure is the median of RUNS runs with its spread, the two brokers in turn.
It writes docs/benchmarks.md and judges the bars; a missed bar is said and ends with exit status 1.
"""
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = int(os.environ.get("BENCH_RUNS", "3"))
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
bench = os.path.join(root, "end2end", "bench")
work = tempfile.mkdtemp(prefix="freshet-bench-")
loadgen = os.path.join(work, "loadgen")
binary = os.path.join(root, "target", "release", "freshet")
KAFKA = "4.4.0"

subprocess.run(["go", "build", "-o", loadgen, "."], cwd=os.path.join(bench, "loadgen"), check=True)
lib = os.path.join(bench, "lib")
if not os.path.isdir(lib):
    subprocess.run(
        ["mvn", "-q", "-f", os.path.join(bench, "pom.xml"), "dependency:copy-dependencies", "-DoutputDirectory=lib"],
        check=True,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resident_mib(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024


class Broker:
    """A broker on an empty directory. `first_answer_ms` is exec to the first Metadata answer."""

    def __init__(self, name):
        self.name, self.port = name, free_port()
        self.folder = tempfile.mkdtemp(dir=work)
        log = open(os.path.join(self.folder, "out"), "wb")
        if name == "kafka":
            command = self.prepare_kafka(log)
        else:
            command = [binary, "--data-dir", "data", "--kafka", f"127.0.0.1:{self.port}", "--console", "127.0.0.1:0",
                       "--durability", "page-cache" if name == "freshet page-cache" else "acked", "--log", "warn"]
        began = time.monotonic()
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        self.address = f"127.0.0.1:{self.port}"
        # Metadata v1 for no topic: the smallest question that only a serving broker answers.
        question = bytes.fromhex("0000000f0003000100000001000162") + b"\0\0\0\0"
        question = len(question[4:]).to_bytes(4, "big") + question[4:]
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
                    client.sendall(question)
                    if len(client.recv(4)) == 4:
                        break
            except OSError:
                pass
            assert self.process.poll() is None, open(os.path.join(self.folder, "out")).read()
            time.sleep(0.001)
        self.first_answer_ms = (time.monotonic() - began) * 1000

    def prepare_kafka(self, log):
        with open(os.path.join(self.folder, "server.properties"), "w") as out:
            controller = free_port()
            out.write(f"""process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{self.port}
controller.listener.names=CONTROLLER
log.dirs=./data
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
""")
        java = ["java", "-Xmx1g", "-cp", f"{lib}/*"]
        subprocess.run(java + ["kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c",
                               "server.properties"], cwd=self.folder, stdout=log, stderr=log, check=True)
        return java + ["kafka.Kafka", "server.properties"]

    def measure(self, command, *flags):
        done = subprocess.run([loadgen, command, "-b", self.address, "-pid", str(self.process.pid), *flags],
                              capture_output=True, text=True)
        assert done.returncode == 0, f"{self.name} {command}: {done.stderr}"
        return json.loads(done.stdout.strip().splitlines()[-1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def one_round(name):
    broker = Broker(name)
    figures = {"first Metadata answer, ms": broker.first_answer_ms}
    time.sleep(2)
    figures["RSS idle, MiB"] = resident_mib(broker.process.pid)
    for size, count, label in [(1024, 1_000_000, "1 KiB"), (100, 6_000_000, "100 B")]:
        topic = f"bench-{size}"
        shape = ["-topic", topic, "-partitions", "6", "-size", str(size), "-batch", "65536", "-conns", "2",
                 "-inflight", "5"]
        broker.measure("create", "-topic", topic, "-partitions", "6", "-count", "1")
        broker.measure("rawproduce", *shape, "-n", str(count // 5))  # warm-up
        produced = broker.measure("rawproduce", *shape, "-n", str(count))
        figures[f"produce {label}, CPU-s/GB"] = produced["cpu_s_per_gb"]
        figures[f"produce {label}, CPU-s/M"] = produced["cpu_s_per_million"]
        figures[f"produce {label}, MB/s"] = produced["mb_per_s"]
        if size == 1024:
            fetched = broker.measure("rawfetch", "-topic", topic, "-partitions", "6", "-repeat", "2")
            figures["fetch 1 KiB, CPU-s/GB"] = fetched["cpu_s_per_gb"]
            figures["fetch 1 KiB, MB/s"] = fetched["mb_per_s"]
    figures["RSS loaded, MiB"] = resident_mib(broker.process.pid)
    broker.measure("create", "-topic", "bench-latency", "-partitions", "1", "-count", "1")
    broker.measure("latency", "-topic", "bench-latency", "-rate", "1000", "-secs", "3")
    latency = broker.measure("latency", "-topic", "bench-latency", "-rate", "1000", "-secs", "8")
    figures["end to end p50, ms"] = latency["p50_ms"]
    figures["end to end p99, ms"] = latency["p99_ms"]
    broker.stop()
    return figures


NAMES = ["kafka", "freshet page-cache", "freshet acked"]
results = {name: {} for name in NAMES}
for number in range(RUNS):
    for name in NAMES:
        print(f"run {number + 1} of {RUNS}: {name}", file=sys.stderr, flush=True)
        for figure, value in one_round(name).items():
            results[name].setdefault(figure, []).append(value)


def shown(values):
    middle = statistics.median(values)
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2 if middle >= 1 else 3
    return f"{middle:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


median = {name: {figure: statistics.median(values) for figure, values in of.items()} for name, of in results.items()}
ours, kafka = median["freshet page-cache"], median["kafka"]
bars = [
    ("exec to first Metadata answer ≤ 60 ms", ours["first Metadata answer, ms"] <= 60),
    ("RSS idle, console included, ≤ 60 MB", ours["RSS idle, MiB"] * 1.048576 <= 60),
    ("produce 1 KiB, page cache: CPU per GB ≤ Kafka's",
     ours["produce 1 KiB, CPU-s/GB"] <= kafka["produce 1 KiB, CPU-s/GB"]),
]
lines = [
    "# Benchmarks",
    "",
    "<!-- Written by `make bench`. -->",
    "",
    f"Freshet beside Apache Kafka {KAFKA}, the same cheap client (`end2end/bench/loadgen`, batches encoded",
    f"once) on the same machine, the brokers in turn. Median of {RUNS} runs, smallest and largest in brackets.",
    f"{os.cpu_count()} cores, {platform.machine()}, client and broker share them. Kafka runs with its defaults, which",
    "is the class `page-cache`; `acked` stands beside it and syncs before every acknowledgement.",
    "",
    "Produce: 6 partitions, batches of 64 KiB, 2 connections with 5 requests in flight, acks=all, no linger,",
    "warmed up with a fifth of the records. Fetch: everything twice. End to end: 1,000 single records a second.",
    "",
    "| figure | " + " | ".join(NAMES) + " | page-cache / Kafka |",
    "|---|" + "---|" * (len(NAMES) + 1),
]
for figure in results["kafka"]:
    cells = [shown(results[name][figure]) for name in NAMES]
    lines.append(f"| {figure} | " + " | ".join(cells) + f" | {ours[figure] / kafka[figure]:.2f} |")
lines += ["", "## Bars", "", "| bar | reached |", "|---|---|"]
lines += [f"| {what} | {'yes' if reached else '**no**'} |" for what, reached in bars]
with open(os.path.join(root, "docs", "benchmarks.md"), "w") as out:
    out.write("\n".join(lines) + "\n")
print("\n".join(lines))
shutil.rmtree(work, ignore_errors=True)
sys.exit(0 if all(reached for _, reached in bars) else 1)
