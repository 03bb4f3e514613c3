"""Each law is broken once in a sound little run: the checker has to say so, and of the sound one nothing. python3 -B tests/cluster/test_laws.py"""
import json
import types
import unittest

import laws
import witness_laws
from journal import Entry

A, B = "writer-a", "writer-b"


def at(time, kind, **fields):
    return {"event": f"{kind}.1", "time": time, **fields}


def start(time, trial, attempt, slot, rung=0, begin=0, target=1):
    return at(time, "job-started", trial=trial, attempt=attempt, slot=slot, rung=rung, start=begin, target=target)


def report(time, trial, attempt, resource, metric, message=0):
    return at(time, "report-accepted", trial=trial, attempt=attempt, resource=resource, metric=metric, message=message)


def done(time, trial, attempt, slot, rung=0):
    return at(time, "job-completed", trial=trial, attempt=attempt, slot=slot, rung=rung)


def lost(time, trial, attempt, slot, cause="node-lost"):
    return at(time, "attempt-lost", trial=trial, attempt=attempt, slot=slot, cause=cause)


def sound():
    """Two trials on two slots: the first is taken over while it runs, the second's node is lost with it; the first is promoted."""
    entries = [
        (A, [at(0, "experiment-started", experiment={"scheduler": {"trials": 2}}), at(0, "slot-joined", slot=0), at(0, "slot-joined", slot=1)]),
        (A, [at(0, "trial-sampled", trial=0), start(0, 0, 1, 0), at(0, "trial-sampled", trial=1), start(0, 1, 1, 1)]),
        (B, [at(5, "experiment-taken-over")]),
        (B, [report(6, 0, 1, 1, 0.5), done(6, 0, 1, 0), at(6, "trial-promoted", trial=0, rung=0)]),
        (B, [lost(7, 1, 1, 1), at(7, "slot-left", slot=1), start(7, 1, 2, 0)]),
        (B, [report(8, 1, 2, 1, 0.7), done(8, 1, 2, 0), start(8, 0, 2, 0, rung=1, begin=1, target=3)]),
        (B, [report(9, 0, 2, 2, 0.4), report(9, 0, 2, 3, 0.3, message=1), done(9, 0, 2, 0, rung=1), at(9, "experiment-ended", outcome="completed")]),
    ]
    journal = [Entry(number, writer, 0.0, "-", events) for number, (writer, events) in enumerate(entries, start=1)]
    said = {(0, 1): [(1, 0.5)], (1, 1): [(1, 0.7)], (1, 2): [(1, 0.7)], (0, 2): [(2, 0.4), (3, 0.3)]}
    witness = types.SimpleNamespace(
        starts={key: [(100 + number, "node")] for number, key in enumerate(said)}, said={key: [json.dumps({"resource": resource, "metric": metric}) for resource, metric in all] for key, all in said.items()},
        ends={(0, 1): 6, (1, 2): 8, (0, 2): 9, (1, 1): 12}, beside=[((1, 2), 7)])
    return journal, witness


def broken(change=lambda journal, witness: None):
    journal, witness = sound()
    change(journal, witness)
    events = [event for entry in journal for event in entry.events]
    attempts, problems = laws.attempts_of(events)
    return problems + [
        *laws.one_writer_at_a_time(journal, {"experiment-started.1", "experiment-taken-over.1"}), *laws.events_are_in_order(events), *laws.slots_run_one_thing(events), *laws.nothing_counts_twice(attempts),
        *laws.every_trial_ended(events, attempts), *witness_laws.journal_and_witness_agree(attempts, witness), *witness_laws.no_two_processes_of_a_trial(attempts, witness)]


class Laws(unittest.TestCase):
    def breaks(self, word, change):
        problems = broken(change)
        self.assertTrue(any(word in problem for problem in problems), problems)

    def test_a_sound_run_breaks_none(self):
        self.assertEqual([], broken())

    def test_the_old_writer_writes_again(self):
        self.breaks("who had been followed", lambda journal, _: setattr(journal[4], "writer", A))

    def test_a_writer_begins_without_a_takeover(self):
        self.breaks("begins at entry", lambda journal, _: setattr(journal[6], "writer", "writer-c"))

    def test_an_entry_is_missing(self):
        self.breaks("is missing", lambda journal, _: journal.pop(3))

    def test_an_attempt_is_started_twice(self):
        self.breaks("was started twice", lambda journal, _: journal[2].events.append(start(5, 0, 1, 0)))

    def test_an_attempt_is_started_while_another_is_under_way(self):
        self.breaks("was under way", lambda journal, _: journal[4].events.pop(0))

    def test_a_report_counts_twice(self):
        self.breaks("do not rise", lambda journal, _: journal[6].events.insert(1, report(9, 0, 2, 2, 0.4)))

    def test_a_report_counts_after_the_end_of_its_attempt(self):
        self.breaks("which had ended", lambda journal, _: journal[5].events.insert(0, report(8, 1, 1, 1, 0.7)))

    def test_a_slot_has_two(self):
        self.breaks("while it has", lambda journal, _: journal[1].events[3].update(slot=0))

    def test_a_promoted_trial_is_not_trained_on(self):
        self.breaks("has no result of rung 1", lambda journal, _: journal[6].events.pop(2))

    def test_a_trial_is_not_sampled(self):
        self.breaks("were sampled", lambda journal, _: journal[0].events[0].update(experiment={"scheduler": {"trials": 3}}))

    def test_time_goes_back(self):
        self.breaks("time goes back", lambda journal, _: journal[3].events[0].update(time=4))

    def test_a_report_that_was_said_does_not_count(self):
        self.breaks("reports, 1 count", lambda journal, _: journal[6].events.pop(1))

    def test_a_report_counts_that_nobody_said(self):
        self.breaks("counted were", lambda journal, _: journal[6].events[0].update(metric=0.1))

    def test_a_process_runs_twice(self):
        self.breaks("was 2 processes", lambda _, witness: witness.starts[(0, 1)].append((200, "other")))

    def test_a_process_runs_that_nobody_started(self):
        self.breaks("which nobody started", lambda _, witness: witness.starts.update({(0, 7): [(1, "node")]}))

    def test_two_processes_of_a_trial_run_beside_each_other(self):
        def change(journal, witness):
            journal[4].events[0]["cause"] = "checkpoint-missing"
        self.breaks("had not been given away", change)

    def test_the_one_that_was_given_away_had_ended_before(self):
        def change(_, witness):
            witness.ends[(1, 1)] = 5
        self.breaks("had not been given away", change)


if __name__ == "__main__":
    unittest.main()
