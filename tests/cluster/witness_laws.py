"""What has to hold between a run's journal and what its trials' witnesses wrote down. Each law yields a sentence for each time it is broken."""
import json

GIVEN_AWAY = {"node-lost", "engine-lost"}


def journal_and_witness_agree(attempts, witness):
    """What processes did and what the journal says they did is the same."""
    for key in witness.starts:
        if key not in attempts:
            yield f"twice: a process ran for attempt {key}, which nobody started"
        if len(witness.starts[key]) > 1:
            yield f"twice: attempt {key} was {len(witness.starts[key])} processes: {witness.starts[key]}"
    for key, attempt in attempts.items():
        started = key in witness.starts
        if not started and (attempt.ending == "job-completed.1" or attempt.reports):
            yield f"attempt {key} has results, and there was no process"
        said = [json.loads(text) for text in witness.said.get(key, [])]
        counted = [(report["resource"], report["metric"]) for report in attempt.reports]
        rising = rising_until(said, attempt.start["start"], attempt.start["target"])
        if counted != rising[:len(counted)]:
            yield f"attempt {key}: counted were {counted}, said was {rising}"
        elif attempt.ending == "job-completed.1" and len(counted) < len(rising):
            yield f"lost: attempt {key} said {len(rising)} reports, {len(counted)} count"
        elif attempt.ending == "attempt-failed.1" and rising and rising[-1][0] >= attempt.start["target"]:
            yield f"lost: attempt {key} said its result, and was taken for failed"


def rising_until(said, start, target):
    kept = []
    for report in said:
        if report["resource"] > start and not (kept and kept[-1][0] >= target):
            kept.append((report["resource"], report["metric"]))
            start = report["resource"]
    return kept


def no_two_processes_of_a_trial(attempts, witness):
    """Two processes of a trial at a time are only where the earlier one's node had been given up. `witness.beside` has the attempt that found itself beside another, and when; `witness.ends` when each came to its end."""
    for key, at in witness.beside:
        others, earlier = [], attempts[key].previous if key in attempts else None
        while earlier is not None:
            if earlier in witness.starts and witness.ends.get(earlier, at) >= at:
                others.append(earlier)
            earlier = attempts[earlier].previous
        if not any(GIVEN_AWAY & set(attempts[other].causes) for other in others):
            yield f"twice: attempt {key} ran beside one of {others}, whose job had not been given away"
