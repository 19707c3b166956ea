"""The real users of the queue, in one command: kazoo as consumer, producer and candidate. One line of JSON on standard output."""
import json
import sys

from kazoo.client import KazooClient

hosts, path, what, *rest = sys.argv[1:]
client = KazooClient(hosts)
client.start(timeout=20)
queue = client.LockingQueue(path)


def take(count):
    """Takes entries one by one, as an executor does: locked, then consumed."""
    taken = []
    for _ in range(count):
        value = queue.get(timeout=5)
        if value is None:
            break
        taken.append(value.decode())
        queue.consume()
    return taken


def elect():
    elected = []
    client.Election("/election/distributor", "one").run(lambda: elected.append("one"))
    return elected


answers = {
    "take": lambda: take(int(rest[0])),
    "put": lambda: [queue.put(value.encode(), int(priority)) for priority, value in (one.split("=") for one in rest)],
    "hold": lambda: [queue.get(timeout=5).decode()],
    "length": lambda: len(queue),
    "elect": elect,
}
print(json.dumps(answers[what]()), flush=True)
if what == "hold":
    # Until its standard input ends, as a consumer that works.
    sys.stdin.read()
client.stop()
