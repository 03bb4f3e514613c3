"""What a cluster takes and does, over time: memory, reports, decisions."""
import collections
import http.client
import os
import statistics
import threading
import time
import urllib.request


class Recorder:
    """Writes down, as long as the cluster is there, what it takes and how long it takes to decide."""

    def __init__(self, cluster, clients, path):
        self.cluster, self.clients, self.path, self.begun, self.isOver = cluster, clients, path, time.time(), threading.Event()
        self.decisions, self.seen, self.said, self.rates = collections.Counter(), {}, collections.Counter(), {True: [], False: []}
        self.isCoordinatorLost, self.within = False, {True: [0, 0], False: [0, 0]} # Decisions within 100 ms, and all.
        self.log = open(os.path.join(cluster.witness, "log"))
        self.log.seek(0, os.SEEK_END) # What the short run before has said is no part of it.
        self.look()
        self.decisions.clear() # Nor what has been decided of it.
        self.memory = {member.name: [] for member in cluster.members}
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        with open(self.path, "w", buffering=1) as file:
            print("seconds", *self.memory, "reports", "jobs", "decisions", "within_100_ms", "clients", "coordinator_lost", sep="\t", file=file)
            before = time.monotonic()
            while not self.isOver.wait(15):
                reports, wereAsking, lost, decided = self.said["said"], self.clients.isAsking.is_set(), self.isCoordinatorLost, self.decided()
                self.read()
                now = time.monotonic()
                self.rates[wereAsking].append((self.said["said"] - reports) / (now - before))
                before = now
                sizes = {member.name: resident(member) for member in self.cluster.members}
                for name, size in sizes.items():
                    self.memory[name].append(size)
                self.look()
                for index, (after, earlier) in enumerate(zip(self.decided(), decided)):
                    self.within[lost][index] += after - earlier
                within, all = self.decided()
                print(round(time.time() - self.begun), *(size or "" for size in sizes.values()), self.said["said"], self.said["end"], all, within, int(wereAsking), int(lost), sep="\t", file=file)

    def read(self):
        """What the witness wrote since: a million lines are not read anew each time."""
        for line in self.log:
            self.said[line.split(" ", 2)[1]] += 1

    def throughput(self):
        """Reports a second, the median of quarters of a minute, without clients and with them of the time that nodes are killed; without clients not the first five minutes, when slots are filled."""
        return " and ".join(f"{statistics.median(rates):.1f} ({len(rates)} × 15 s)" if rates else "none" for rates in (self.rates[False][20:], self.rates[True]))

    def look(self):
        for member, api in zip(self.cluster.coordinators, self.cluster.apis):
            self.take(member, api)

    def take(self, member, api):
        """Counts begin anew with each process: what is new since the last look is added."""
        try:
            with urllib.request.urlopen(f"http://{api}/metrics", timeout=3) as answer:
                lines = [line.split() for line in answer.read().decode().splitlines() if line.startswith("asha_decision_duration_seconds_bucket")]
        except (OSError, http.client.HTTPException):
            return
        below, key = 0, (member.name, member.process.pid)
        before, now = self.seen.get(key, {}), {}
        for name, count, *_ in lines:
            bound = float(name.split('le="')[1].split('"')[0])
            now[bound], below = int(count) - below, int(count)
        for bound, count in now.items():
            self.decisions[bound] += count - before.get(bound, 0)
        self.seen[key] = now

    def decided(self):
        """Decisions within 100 ms, and all, so far."""
        return sum(count for bound, count in self.decisions.items() if bound <= 0.1), sum(self.decisions.values())

    def shares(self):
        """Of decisions within 100 ms, percent, of all: over all; in the minutes in which no coordinator was lost; in the others."""
        (calm, allCalm), (hard, allHard) = self.within[False], self.within[True]
        return ", ".join(f"{100 * within / all:.2f} ({all})" if all else "none" for within, all in ((calm + hard, allCalm + allHard), (calm, allCalm), (hard, allHard)))

    def p99(self):
        """The bound of the bucket that the 99th percentile is in, ms."""
        left = 0.99 * sum(self.decisions.values())
        for bound in sorted(self.decisions):
            left -= self.decisions[bound]
            if left <= 0:
                return round(1000 * bound, 1)
        return ""

    def end(self):
        self.isOver.set()
        self.thread.join()


def resident(member):
    """MiB; None: it is not there."""
    try:
        with open(f"/proc/{member.process.pid}/status") as file:
            return round(int(next(line for line in file if line.startswith("VmRSS")).split()[1]) / 1024)
    except (OSError, StopIteration):
        return None
