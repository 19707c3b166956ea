"""What operators run today to fill the queue again: one search of at most 10,000 jobs, one put for each. The same method
as the job engine's own script, written anew for the bench; its faults belong to it (see docs/benchmarks.md)."""
import argparse
import json
import time
import urllib.request

from kazoo.client import KazooClient

parser = argparse.ArgumentParser()
parser.add_argument("--zk-hosts", default="zk:2181")
parser.add_argument("--es-hosts", default="http://es:9200")
parser.add_argument("--path", default="/job")
arguments = parser.parse_args()
began = time.monotonic()

query = {
    "size": 10000,
    "sort": [{"created": "asc"}],
    "query": {
        "bool": {
            "filter": [{"terms": {"state": ["QUEUED", "RUNNING"]}}],
            "must_not": [{"term": {"execution-mode": "pull"}}],
        }
    },
}
request = urllib.request.Request(
    arguments.es_hosts + "/nuvla-job/_search", json.dumps(query).encode(), {"Content-Type": "application/json"}
)
with urllib.request.urlopen(request) as answer:
    jobs = [hit["_source"] for hit in json.load(answer)["hits"]["hits"]]

zookeeper = KazooClient(arguments.zk_hosts)
zookeeper.start()
queue = zookeeper.LockingQueue(arguments.path)
read = time.monotonic()
for job in jobs:
    queue.put(job["id"].encode(), int(job.get("priority") or 100))
wrote = time.monotonic()
zookeeper.stop()
print(f"{len(jobs)} jobs queued")
print(json.dumps({"jobs": len(jobs), "readSeconds": read - began, "writeSeconds": wrote - read}))
