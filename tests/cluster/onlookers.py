"""Clients that ask the API while a cluster is at work, and what they waited for the answers."""
import collections
import http.client
import statistics
import threading
import time
import urllib.request


class Clients:
    """People who look on: each asks one coordinator once a second."""

    def __init__(self, cluster, count):
        self.cluster, self.took, self.refused = cluster, {"list": [], "run": []}, collections.Counter()
        self.isAsking, self.isOver = threading.Event(), threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(number, count), daemon=True) for number in range(count)]
        for thread in self.threads:
            thread.start()

    def ask(self, number, count):
        api, turn, rest = self.cluster.apis[number % len(self.cluster.apis)], number, number / count # Not all in the same moment.
        while not self.isOver.wait(rest):
            self.isAsking.wait()
            kind, begun = ("list", "run")[turn % 2], time.monotonic()
            try:
                with urllib.request.urlopen(f"http://{api}/v1/experiments" + ("?limit=100" if kind == "list" else f"/{self.cluster.run}"), timeout=30) as answer:
                    answer.read()
                self.took[kind].append(time.monotonic() - begun)
            except (OSError, http.client.HTTPException) as error:
                self.refused[str(getattr(error, "code", None) or getattr(error, "reason", error))] += 1
            turn, rest = turn + 1, max(0, begun + 1 - time.monotonic())

    def __str__(self):
        def one(kind):
            took = sorted(1000 * seconds for seconds in self.took[kind]) or [0]
            return f"{kind}: {len(took)}, median {statistics.median(took):.1f} ms, p99 {took[int(0.99 * (len(took) - 1))]:.1f}, longest {took[-1]:.0f}"
        return f"{one('list')}; {one('run')}; not answered, most of them by a coordinator that was killed: {dict(self.refused) or 'none'}"

    def end(self):
        self.isOver.set()
        self.isAsking.set()
        for thread in self.threads:
            thread.join()
