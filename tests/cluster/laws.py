"""What has to hold of a run's journal whatever was killed, frozen or cut off meanwhile. Each law takes what it needs and yields a sentence for each time it is broken."""

OVER = {"job-completed.1", "attempt-failed.1", "attempt-lost.1", "job-cut.1"}


class Attempt:
    """One attempt of a job, as the journal tells it."""

    def __init__(self, start, previous):
        self.start, self.previous, self.reports, self.endings, self.causes = start, previous, [], [], []

    @property
    def ending(self):
        return self.endings[-1] if self.endings else None


def attempts_of(events):
    """(trial, attempt) -> Attempt, in order of their starts, with what breaks the order of things."""
    found, last, problems = {}, {}, []
    for event in events:
        kind, key = event["event"], (event.get("trial"), event.get("attempt"))
        if kind == "job-started.1":
            if key in found:
                problems.append(f"twice: attempt {key} was started twice")
            before = last.get(key[0])
            if before is not None and found[before].ending is None:
                problems.append(f"twice: attempt {key} was started while {before} was under way")
            found[key] = Attempt(event, before)
            last[key[0]] = key
        elif kind in OVER or kind in ("report-accepted.1", "attempt-regained.1"):
            attempt = found.get(key)
            if attempt is None:
                problems.append(f"{kind} of attempt {key}, which was never started")
            elif kind == "attempt-regained.1":
                if attempt.ending != "attempt-lost.1":
                    problems.append(f"twice: attempt {key} was regained, and had not been lost")
                attempt.endings.append(None)
            elif attempt.ending is not None:
                problems.append(f"twice: {kind} of attempt {key}, which had ended with {attempt.ending}")
            elif kind == "report-accepted.1":
                attempt.reports.append(event)
            else:
                attempt.endings.append(kind)
                attempt.causes.append(event.get("cause"))
    return found, problems


def one_writer_at_a_time(entries, begins):
    """Entries are numbered without a gap, and whoever has been followed by another writer writes no more."""
    gone, writer = set(), None
    for expected, entry in enumerate(entries, start=1):
        if entry.number != expected:
            yield f"writers: entry {expected} is missing, {entry.number} is in its place"
            return
        if entry.writer == writer:
            continue
        if entry.writer in gone:
            yield f"writers: entry {entry.number} is of {entry.writer}, who had been followed by {writer}"
        first = entry.events[0].get("event", entry.manifest)
        if first not in begins:
            yield f"writers: {entry.writer} begins at entry {entry.number} with {first}"
        gone.add(writer)
        writer = entry.writer


def events_are_in_order(events):
    """Time never goes back; the last event is the end, and there is one."""
    for before, after in zip(events, events[1:]):
        if after["time"] < before["time"]:
            yield f"time goes back from {before['time']} to {after['time']} at {after['event']}"
    ends = [index for index, event in enumerate(events) if event["event"] == "experiment-ended.1"]
    if ends != [len(events) - 1]:
        yield f"the run has {len(ends)} ends; its last event is {events[-1]['event']}"
    for event in events:
        if event["event"] == "altered":
            yield "an event is not as it was written"


def slots_run_one_thing(events):
    """A slot has one attempt at a time, and has joined before it."""
    joined, busy = set(), {}
    for event in events:
        kind, slot = event["event"], event.get("slot")
        if kind == "slot-joined.1":
            joined.add(slot)
        elif kind in ("job-started.1", "attempt-regained.1"):
            if slot not in joined:
                yield f"twice: {kind} on slot {slot}, which is not there"
            if slot in busy:
                yield f"twice: slot {slot} is given {(event['trial'], event['attempt'])} while it has {busy[slot]}"
            busy[slot] = (event["trial"], event["attempt"])
        elif kind in OVER or kind == "report-awaited.1":
            busy.pop(slot, None)
        elif kind == "slot-left.1":
            joined.discard(slot)


def nothing_counts_twice(attempts):
    for key, attempt in attempts.items():
        resources = [report["resource"] for report in attempt.reports]
        if any(after <= before for before, after in zip(resources, resources[1:])):
            yield f"twice: attempt {key} has counted reports that do not rise: {resources}"
        messages = [report.get("message", 0) for report in attempt.reports]
        if len(set(messages)) < len(messages):
            yield f"twice: a message of attempt {key} counted twice: {messages}"


def every_trial_ended(events, attempts):
    """All trials that there were to be were sampled; each that started ended, and each that was promoted was trained on: where the run was completed."""
    for key, attempt in attempts.items():
        if attempt.ending is None:
            yield f"lost: attempt {key} has no end"
    if events[-1].get("outcome") != "completed":
        return
    sampled = {event["trial"] for event in events if event["event"] == "trial-sampled.1"}
    wanted = next((event["trials"] for event in events if event["event"] == "trials-limited.1"), events[0]["experiment"]["scheduler"].get("trials"))
    if wanted is not None and sampled != set(range(wanted)):
        yield f"lost: {len(sampled)} of {wanted} trials were sampled"
    done = {(event["trial"], event["rung"]) for event in events if event["event"] == "job-completed.1" or (event["event"] == "attempt-failed.1" and event["last"])}
    due = {(trial, 0) for trial in sampled} | {(event["trial"], event["rung"] + 1) for event in events if event["event"] == "trial-promoted.1"}
    for trial, rung in sorted(due - done):
        yield f"lost: trial {trial} has no result of rung {rung}"
    for trial, rung in sorted(done - due):
        yield f"twice: trial {trial} has a result of rung {rung}, for which it was not due"
