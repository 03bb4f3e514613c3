#!/usr/bin/env python3
"""Breaks one law at a time in a copy of the source tree and tells which tests notice. A law that nothing guards is a failure.

    python3 tests/break_laws.py            every law, about half a minute each
    python3 tests/break_laws.py NaN barrier   only those whose name contains one of the words
    python3 tests/break_laws.py --check    only whether each still stands where it is broken, at once; not whether it still builds then

The table that it prints is the one in tests/README.md.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

CORE, ACTORS, TUNING, KIT, TORTURE = "src/Asha.Core/", "src/Asha.Actors/", "src/Asha.Tuning/", "src/Asha.TestKit/", "src/Asha.Torture/"
CORE_TESTS, ACTOR_TESTS, TUNING_TESTS, HOST_STOPPING, KIT_TESTS = "tests/Asha.Core.Tests", "tests/Asha.Actors.Tests", "tests/Asha.Tuning.Tests", "tests/Asha.Host.Tests --filter StoppingTests", "tests/Asha.TestKit.Tests --filter FullyQualifiedName!~ConsumerTests"
# The journal's contract, where the torture's own journal breaks it; and the torture's laws, where the engine does: they are fed its runs, and nothing else looks.
CONTRACT, TORTURED = "tests/Asha.Torture.Tests --filter FullyQualifiedName~MemoryContractTests|FullyQualifiedName~VirtualJournalTests", "tests/Asha.Torture.Tests --filter SoundRunsTests"
STORE, MEMORY = TORTURE + "Journals/MemoryStore.cs", TORTURE + "Journals/MemoryJournal.cs"

# (law, file, what stands there, what it is broken into, tests that are to notice)
LAWS = [
    ("1 the core reads no clock", CORE + "Experiments/Experiment.cs",
     "public void Leave(TimeSpan now, int slot, string? retired = null) => Decide(new SlotLeft(now, slot, retired));",
     "public void Leave(TimeSpan now, int slot, string? retired = null) => Decide(new SlotLeft(now + (DateTime.UtcNow - DateTime.UtcNow), slot, retired));", None),
    ("2 NaN is never promoted", CORE + "Scheduling/Rung.cs", "PositiveInfinity, trial, Standing.NotFinite", "PositiveInfinity, trial, Standing.Open", CORE_TESTS),
    ("2 NaN counts in |rung|", CORE + "Scheduling/Rung.cs", "        var rank = _results.Insert(Entry", "        if (!finite)\n            return;\n        var rank = _results.Insert(Entry", CORE_TESTS),
    ("2 ties rank by trial, not by arrival", CORE + "Scheduling/RankedResults.cs", "=> Ranking.IsBefore(Metric, Trial, other.Metric, other.Trial);", "=> Metric < other.Metric;", CORE_TESTS),
    ("ASHA: at most ⌊m/η⌋ (one more)", CORE + "Scheduling/Rung.cs", "RungRule.Asynchronous or RungRule.Stopping => Places,", "RungRule.Asynchronous or RungRule.Stopping => Places + 1,", CORE_TESTS),
    ("ASHA: at least ⌊m/η⌋ (one less)", CORE + "Scheduling/Rung.cs", "RungRule.Asynchronous or RungRule.Stopping => Places,", "RungRule.Asynchronous or RungRule.Stopping => (Results - 1) / reductionFactor,", CORE_TESTS),
    ("ASHA: the highest rung first", CORE + "Scheduling/RungHeads.cs",
     "for (var rung = heads.Length - 1; rung >= 0; rung--)", "for (var rung = 0; rung < heads.Length; rung++)", CORE_TESTS),
    ("ASHA: a promotion before a new trial", CORE + "Scheduling/NextStep.cs", "return heads.Highest(bracket) is { } rung ?", "return !state.MaySample(bracket) && heads.Highest(bracket) is { } rung ?", CORE_TESTS),
    ("SHA: the barrier waits for all", CORE + "Scheduling/Rung.cs", "RungRule.Synchronous when Results == population", "RungRule.Synchronous when Results >= population - 1", CORE_TESTS),
    ("SHA: all are promoted at the barrier", CORE + "Scheduling/NextStep.cs", "if (type != SchedulerType.Asha && Promotion(heads) is { } atOnce)", "if (type != SchedulerType.Asha && state.Slots.FirstIdle is not null && Promotion(heads) is { } atOnce)", ACTOR_TESTS),
    ("retries before promotions and samples", CORE + "Scheduling/NextStep.cs",
     "        if (state.Retries.TryPeek(out var retry))\n            return", "        if (!state.MaySample(0) && state.Retries.TryPeek(out var retry))\n            return", CORE_TESTS),
    ("a released trial is hopeless", CORE + "Scheduling/Rung.cs", "Math.Max(bound / reductionFactor, 1)", "Math.Max((bound / reductionFactor) - 1, 1)", CORE_TESTS),
    ("idle slots are served lowest first", CORE + "Experiments/SlotTable.cs", "public int? FirstIdle => _idle.First;", "public int? FirstIdle => _idle.Count == 0 ? null : _idle.ToArray()[^1];", CORE_TESTS),
    ("max-attempts failures, not one more", CORE + "Experiments/RetryRules.cs", "trial.Failures + 1 >= spec.Trial.MaxAttempts", "trial.Failures >= spec.Trial.MaxAttempts", CORE_TESTS),
    ("each kind of fault has its own limit", CORE + "Experiments/RetryRules.cs", "trial.FailuresOf(kind) + 1 >=", "trial.Failures + 1 >=", CORE_TESTS),
    ("a wait grows with the failures", CORE + "Experiments/RetryRules.cs", "failure < failures && ticks", "failure < 1 && ticks", CORE_TESTS),
    ("a wait is drawn by attempt", CORE + "Experiments/RetryRules.cs", ".Stream(trial.Attempt).Unit()", ".Stream(1).Unit()", CORE_TESTS),
    ("who has waited stands where its attempt ended", CORE + "Experiments/RetryLine.cs", "        Add(trial, place.Order);", "        Add(trial, _order++);", CORE_TESTS),
    ("a run with a job that waits is not over", CORE + "Scheduling/NextStep.cs", "!state.Retries.AnyBackingOff && !HasWork", "!HasWork", CORE_TESTS),
    ("slots that wait for a retry are idle by it", CORE + "Utilization/IdleCause.cs", "if (state.Retries.AnyBackingOff)", "if (state.Retries.Count > 9)", CORE_TESTS),
    ("ten failing trials end any run", CORE + "Experiments/StopRule.cs", "(stop.HopelessIfLimited || state.Spec.Scheduler.Total is null) && state", "state.Spec.Scheduler.Total is null && state", CORE_TESTS),
    ("an old recording does not know that rule", CORE + "Experiments/StopRule.cs", "(stop.HopelessIfLimited || state.Spec.Scheduler.Total is null) && state", "state", CORE_TESTS),
    ("a lost attempt waits for nothing but doubt", CORE + "Experiments/ExperimentState.Attempts.cs", "Retry(trial, lost.Cause, lost.Time + lost.BackOff);", "Retry(trial, lost.Cause, lost.Time + (lost.BackOff ?? TimeSpan.FromSeconds(1)));", CORE_TESTS),
    ("a back-off that has ended is told again in a replay", "src/Asha.Actors/Replay/RecordedCommands.cs", "        RetryDue => RetryIsDue.Now,\n", "", ACTOR_TESTS),
    ("a world with a job that waits is not stuck", "src/Asha.Actors/Simulation/SimulatedWorld.cs", "&& !_nodes.Work && _backingOff == 0;", "&& !_nodes.Work;", ACTOR_TESTS),
    ("losing a node is no failure", CORE + "Experiments/Experiment.cs",
     "Decide(new AttemptLost(now, number, trial.Bracket, trial.Rung, trial.Attempt, slot, FaultNames.NodeLost));",
     "Decide(new AttemptFailed(now, number, trial.Bracket, trial.Rung, trial.Attempt, slot, FaultNames.NodeLost, \"\", false));", CORE_TESTS),
    ("levels are computed with integers", CORE + "Scheduling/RungLadder.cs", "        return halvings;", "        return (int)(Math.Log(resource.Max / resource.Min) / Math.Log(reductionFactor));", CORE_TESTS),
    ("the journal is the state", CORE + "Experiments/Experiment.cs", "        _decided.Add(decided);", "        if (decided is not SlotParked)\n            _decided.Add(decided);", CORE_TESTS),
    ("3 sampling does not depend on order", CORE + "Searchers/RandomSearcher.cs", "_space.Sample(_random.Stream(trial))", "_space.Sample(_random.Stream(_calls++))", CORE_TESTS),
    ("3 a new parameter leaves the others", CORE + "Spaces/SearchSpace.cs", "random.Stream(parameter.Name)", "random.Stream(values.Count)", CORE_TESTS),
    ("4 a stale attempt is fenced", CORE + "Experiments/Experiment.Reports.cs",
     "        if (message.Attempt < trial.Attempt)\n", "        if (message.Attempt < 0)\n", CORE_TESTS),
    ("4 a message counts once", CORE + "Experiments/Experiment.Reports.cs", "if (message.Message < trial.NextMessage || trial.HasEnded)", "if (trial.HasEnded)", CORE_TESTS),
    ("4 what changed nothing is told once", CORE + "Experiments/Experiment.Reports.cs", "        _ignored = default;\n", "", CORE_TESTS),
    ("4 a resource rises", CORE + "Experiments/Experiment.Reports.cs", "report.Problem ?? (report.Resource > trial.Resource", "report.Problem ?? (report.Resource >= trial.Resource", CORE_TESTS),
    ("5 nothing is said before it is written", ACTORS + "Outbox.cs", "            _messages.Add((to, message, receipt, Arrived));", "            to.Tell(message, sender);", ACTOR_TESTS),
    ("5 of answers to one report one waits", ACTORS + "Outbox.cs", "if (!isKept || message is not ReportStored answer || _answers.Add(answer))", "if (!isKept || message is not ReportStored answer || _answers.Add(answer) || !_answers.Contains(new(0, 0, -1)))", ACTOR_TESTS),
    ("5 a sync comes before each acknowledgement", TUNING + "Journals/SqliteJournal.cs", "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL", "tests/Asha.Host.Tests --filter SyncTests"),
    ("two engines never write one journal", ACTORS + "Outbox.cs", "entries.Count <= _unwritten.Count && entries.Zip", "entries.Count >= 0 || entries.Zip", ACTOR_TESTS),
    ("the copy catches up when the disk has room", ACTORS + "Persistence/EventsFile.cs", "            Problem = error.Message;\n            Undo();", "            Problem = error.Message;\n            _waiting.SetLength(0);\n            Undo();", "tests/Asha.Actors.Tests --filter EventsFileTests"),
    ("a journal of a later version is not touched", TUNING + "Journals/JournalSurvey.cs", "if (rows.IsDBNull(1) || rows.GetInt32(1) != AshaSerializer.Number || rows.IsDBNull(2) || rows.GetString(2) != AshaSerializer.EntryManifest)", "if (rows.IsDBNull(2))", "tests/Asha.Host.Tests --filter GoldenJournalTests"),
    ("a copy that was changed is not read", ACTORS + "Persistence/EventsFile.cs", "return Convert.ToHexStringLower(XxHash128.Hash(bytes)) == mark.Hash ? bytes : null;", "return bytes;", "tests/Asha.Tuning.Tests --filter SnapshotTests"),
    ("no trial gets the journal's password", ACTORS + "Execution/TrialContext.cs", " && (string)entry.Key != AshaActors.JournalVariable", "", "tests/Asha.Host.Tests --filter PostgresRunTests"),
    ("5 confirmed means written", ACTORS + "Persistence/JournalActor.cs", "                var batch = append.Batch;\n", "                var batch = append.Batch;\n                Context.Parent.Tell(new EventsWritten(batch));\n", "tests/Asha.Host.Tests --filter SyncTests|LockedTests"),
    ("5 a node sends until it is answered", ACTORS + "NodeActor.cs",
     "if (_isWaiting || (_reports.IsEmpty && _membership.IsAnswered", "if (_isWaiting || (_membership.IsAnswered", ACTOR_TESTS),
    ("5 a joining is said until it is answered", ACTORS + "NodeMembership.cs", "=> _hasJoined && _unheard.Count == 0", "=> _unheard.Count == 0", ACTOR_TESTS),
    ("5 what was reported for a run that is over is forgotten", ACTORS + "NodeActor.cs", "        _reports.Forget(run);\n", "", ACTOR_TESTS),
    ("5 which start was the newest is forgotten with its run", ACTORS + "NodeJobs.cs", "if (_newest.Remove((run, slot), out var newest))", "if (_newest.TryGetValue((run, slot), out var newest))", ACTOR_TESTS),
    ("5 an experiment that is heard of again is not forgotten", ACTORS + "NodeExperiments.cs", "var wasGone = _gone.Remove(run);", "var wasGone = _gone.Contains(run);", ACTOR_TESTS),
    ("5 an experiment that is heard of again is watched again", ACTORS + "NodeExperiments.cs", "        if (place is null || moved || wasGone)", "        if (place is null || moved)", ACTOR_TESTS),
    ("a node in quarantine is looked at again when another is gone", ACTORS + "NodeShuns.cs", "_seen != Now", "_seen.Turns != Now.Turns", ACTOR_TESTS),
    ("a process is known again by its number and its inode", ACTORS + "Execution/ProcessTokens.cs", "out process) && process.Inode == inode && inode > 1;", "out process) && inode > 1;", ACTOR_TESTS),
    ("where there is no inode, no process is known again", ACTORS + "Execution/ProcessTokens.cs", " && inode > 1;", ";", ACTOR_TESTS),
    ("what a young process carries is not final", ACTORS + "Execution/ProcessTokens.cs", "wasRead && time.GetElapsedTime(since) >= _young", "wasRead", ACTOR_TESTS),
    ("what cannot be read is asked again", ACTORS + "Execution/ProcessTokens.cs", "wasRead && time.GetElapsedTime(since) >= _young", "time.GetElapsedTime(since) >= _young", ACTOR_TESTS),
    ("a remembered token is read once more before it is told", ACTORS + "Execution/ProcessTokens.cs", "(!process.IsFinal || (read(pid, out var now) && now == token))", "true", ACTOR_TESTS),
    ("a list of processes that cannot be read is an error", ACTORS + "Execution/Libc.cs", "throw new IOException($\"the folder '{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}\");", "yield break;", ACTOR_TESTS),
    ("24 a start by a supervisor that is over is none", ACTORS + "NodeJobs.cs", " || EpochOf(start) < membership.Epoch)", " || EpochOf(start) < 0)", ACTOR_TESTS),
    ("24 nor is one by an older grant", ACTORS + "NodeJobs.cs", " || start.Grant < _grants[start.Slot]", "", ACTOR_TESTS),
    ("24 a newer start ends what runs there", ACTORS + "NodeJobs.cs", "            EndOthers(start);\n", "", ACTOR_TESTS),
    ("24 an earlier writer is heard no more by nodes", ACTORS + "NodeExperiments.cs", "if (writer < place.Writer)", "if (writer < 0)", ACTOR_TESTS),
    ("24 nor by the supervisor", ACTORS + "ExperimentDesk.cs", "if (open.Writer < entry.Writer)", "if (open.Writer < 0)", ACTOR_TESTS),
    ("24 who has moved is told at once what is not stored", ACTORS + "NodeActor.cs", "        if (moved)\n            _reports.SayAgain(run);\n", "", ACTOR_TESTS),
    ("24 what a node has forgotten is not begun anew", ACTORS + "NodeJobs.cs", "if (start.Heard > 0 || _slotOf.ContainsKey(job) ||", "if (_slotOf.ContainsKey(job) ||", ACTOR_TESTS),
    ("24 a node says what runs when it announces itself", ACTORS + "NodeActor.cs", "        _membership.Running = () => _jobs.Announced;\n", "", ACTOR_TESTS),
    ("24 a node that has not heard of the supervisor is given nothing", ACTORS + "NodeDesk.Joining.cs", "if (setup.IsClustered && join.Epoch != setup.Epoch &&", "if (setup.Epoch < 0 &&", ACTOR_TESTS),
    ("24 a slot on which a job runs is kept for its run", ACTORS + "NodeDesk.Joining.cs", "            Keep(node, job);\n", "            _ = (node, job);\n", ACTOR_TESTS),
    ("24 an experiment that is away keeps its slots", ACTORS + "ExperimentDesk.cs", "            if (!IsClustered)\n            {\n                Close(run, actor);", "            if (run.Length > 0)\n            {\n                Close(run, registry);", ACTOR_TESTS),
    ("24 a claim does not wait for ever", ACTORS + "SupervisorActor.cs", "                _pool.GiveUp(over.Run);\n", "                _ = over;\n", ACTOR_TESTS),
    ("24 numbers are on record before they are given", ACTORS + "NodeDesk.Joining.cs", "if (!keeps && pool.NextNumber + join.Slots > _limit)", "if (!keeps && _limit < 0)", ACTOR_TESTS),
    ("24 a lost grant is made good", ACTORS + "ExperimentDesk.cs", "            Claim(hold.Experiment, hold.Held);\n", "", ACTOR_TESTS),
    ("24 nothing is said before the taking over is written", ACTORS + "ExperimentActor.cs", "if (_taking is var (experiment, events) && _outbox.IsEmpty)", "if (_taking is var (experiment, events))", ACTOR_TESTS),
    ("24 one who comes too early reads again", ACTORS + "JournalLink.cs", "if (takesAgain())", "if (outbox.Written < 0)", ACTOR_TESTS),
    ("24 what is under way is told again after a takeover", ACTORS + "JobDesk.TakingBack.cs", "            unanswered.WasTold(trial.Slot, _orders.Again(trial), trial.Trial, trial.Attempt);\n", "            _ = trial;\n", ACTOR_TESTS),
    ("24 what waits for word is ended after a takeover", ACTORS + "JobDesk.TakingBack.cs", "            unanswered.WasTold(slot, _orders.EndOf(State.Trials[job.Trial]), job.Trial, job.Attempt);\n", "            _ = (slot, job);\n", ACTOR_TESTS),
    ("24 what is back and was given away is ended", ACTORS + "JobDesk.TakingBack.cs", "                EndUnwanted(grant, job);\n", "                _ = grant;\n", ACTOR_TESTS),
    ("24 a regained attempt is one in a replay, too", ACTORS + "Replay/RecordedCommands.cs", "            regained.TryAdd(one.Slot, new RunningJob(state.Origin.Run, one.Trial, one.Attempt, 0));\n", "            _ = (one, state);\n", ACTOR_TESTS),
    ("24 what is told is taken in its order", ACTORS + "ToldInOrder.cs", "        _early[told.Told] = told;\n        return Next();", "        Heard = told.Told;\n        return [told];", ACTOR_TESTS),
    ("5 a joining that comes twice is one", ACTORS + "NodeDesk.Joining.cs", "join.Joining <= known.Joining)", "join.Joining < known.Joining)", ACTOR_TESTS),
    ("5 a start that comes twice runs once", ACTORS + "NodeJobs.cs", "if (start.Number <= _newest", "if (start.Number < _newest", ACTOR_TESTS),
    ("5 a start from before the node joined again is none", ACTORS + "NodeJobs.cs", "if (start.Joining != membership.Joining || start.Grant", "if (start.Grant", ACTOR_TESTS),
    ("5 a start is said until it is answered", ACTORS + "Unanswered.cs", "if (interval is not { } wait)", "if (interval is not { } wait || message is StartJob)", ACTOR_TESTS),
    ("5 what is said again is in the journal", ACTORS + "Unanswered.cs", "!told.IsOut || ", "", ACTOR_TESTS),
    ("a run that can be gone on with awaits what runs", ACTORS + "ExperimentCommands.Hands.cs", "var isToGoOn = FinalOutcome.CanGoOn(stop.Outcome) && !stop.AtOnce;", "var isToGoOn = stop.Reason.Length < 0;", ACTOR_TESTS),
    ("nothing starts while a run is being stopped", CORE + "Scheduling/NextStep.cs", "state.Stopping is not null || ", "", ACTOR_TESTS),
    ("a trial that does not end is not awaited for ever", ACTORS + "ExperimentCommands.Hands.cs", "        EndInTime(stop);\n    }\n", "    }\n", ACTOR_TESTS),
    ("5 an early message is not acknowledged", ACTORS + "ReportDesk.cs", "if (standing == MessageStanding.Early)", "if (report.Message < 0)", ACTOR_TESTS),
    ("a head is asked for again after its promotion", ACTORS + "RungDesk.cs", "        Heads[standing.Bracket, standing.Rung] = standing.Head;", "        if (standing.Promoted is null)\n            Heads[standing.Bracket, standing.Rung] = standing.Head;", ACTOR_TESTS),
    ("the result comes with the ending", ACTORS + "TrialActor.cs", "            Tell(flight.Run, _messages, flight.Result is { } result ? [result] : [], ending);\n        else", "        {\n            Tell(flight.Run, _messages++, flight.Result is { } result ? [result] : [], null);\n            Tell(flight.Run, _messages, [], ending);\n        }\n        else", ACTOR_TESTS),
    ("one trial on a slot at a time", ACTORS + "TrialActor.cs", "            case RunAttempt run when _running is null:", "            case RunAttempt run when _waiting.Count == 0:", ACTOR_TESTS),
    ("a checkpoint before its use is what was published", ACTORS + "Execution/CheckpointFiles.cs", "if (Hash(full, sync: false, stop) is var (size, hash) && (size, hash) != (entry.Size, entry.Hash))", "if (Hash(full, sync: false, stop) is var (size, hash) && size != entry.Size)", ACTOR_TESTS),
    ("a corrupt checkpoint costs no try and no more than the one before", CORE + "Experiments/ExperimentState.Attempts.cs", "(lost.Detail is null ? null : trial.CheckpointBefore, null);", "(null, null);", CORE_TESTS),
    ("links in a checkpoint are not followed", ACTORS + "Execution/FileStatus.cs", "NoFollow = 0x100", "NoFollow = 0", ACTOR_TESTS),
    ("the disk budget holds", CORE + "Experiments/CheckpointLedger.cs", "if (Used <= budget)", "if (Used <= 2 * budget)", ACTOR_TESTS),
    ("room is made before an attempt starts", TUNING + "Runs/RunnerAfterDeletions.cs", "=> deletions() is { } deleted ?", "=> deletions() is { Id: < 0 } deleted ?", TUNING_TESTS),
    ("a retired slot leaves with its attempt", CORE + "Experiments/Experiment.Endings.cs", "            Leave(now, trial.Slot, reason);", "            _ = reason;", CORE_TESTS),
    ("a trial that cost its slot is not tried again", CORE + "Experiments/Experiment.Endings.cs", " || ending.Retires is not null;", ";", CORE_TESTS),
    ("a retired slot runs nothing", ACTORS + "TrialActor.cs", "            case RunAttempt run when _retired is not null:", "            case RunAttempt run when _messages < 0:", ACTOR_TESTS),
    ("the pool forgets a retired slot", ACTORS + "NodeMembership.cs", "        _unheard.Add(slot);\n        voice.Say(_supervisor, new RetireSlot(slot, reason));", "        _ = (slot, reason);", ACTOR_TESTS),
    ("a trial that does not end is given up with its slot", TUNING + "Trials/InProcessAttempt.cs", "            return; // It has returned, and is about to say so.\n        _isOver = true;\n        if (!_isStarted)", "            return; // It has returned, and is about to say so.\n        _isOver = true;\n        if (!_isStarted || _cut is not null)", TUNING_TESTS),
    ("a run without slots ends", TUNING + "Runs/RunWatcher.cs", "record.State.Slots.Present == 0 &&", "record.State.Slots.Present < 0 &&", TUNING_TESTS),
    ("a GPU is for one slot", ACTORS + "Execution/SlotResources.cs", "gpus.Skip(slot * gpusPerSlot)", "gpus.Skip(0)", ACTOR_TESTS),
    ("6 a parked slot works again", CORE + "Experiments/SlotTable.cs", "        if (phase is SlotPhase.Undecided or SlotPhase.Parked)\n            _idle", "        if (phase is SlotPhase.Undecided)\n            _idle", CORE_TESTS),
    ("6 lost slots are idle time with a cause", CORE + "Utilization/IdleCause.cs", "        idle[(int)IdleCause.NodeLost] = slots.Count(SlotPhase.Lost);\n", "", CORE_TESTS),
    ("replay: a fact before its decision is a difference", ACTORS + "Replay/Redecision.cs", "if (!IsSame(recorded, decided))", "if (recorded.GetType() == decided.GetType() && !IsSame(recorded, decided))", ACTOR_TESTS),
    ("replay: one lost node is one message", ACTORS + "Replay/RecordedCommands.cs", "return lost.All(left.Contains) ? new SlotsLost(left) : new SlotsUnreachable(lost);", "return left.Length > 0 ? new SlotsLost(left) : new SlotsUnreachable(lost);", ACTOR_TESTS),
    ("what-if: what was never recorded is unknown", CORE + "Recordings/RecordedWorld.cs", "if (report.Resource >= job.Target)\n                return report;", "if (report.Resource > job.Start)\n                return report;", ACTOR_TESTS),
    ("what-if: an attempt begins with the fact before it", CORE + "Recordings/RecordedAttempts.cs", "new Open(started, _fact, [])", "new Open(started, started.Time, [])", ACTOR_TESTS),
    ("6 waiting at the barrier is told from no work", CORE + "Utilization/IdleCause.cs", "rungs[rung].Underway > 0 && state.Population(number, rung) >= state.Spec.Scheduler.ReductionFactor", "rungs[rung].Underway > 0", CORE_TESTS),
    ("shares follow the weights", CORE + "Scheduling/ShareOrder.cs", "((long)one.Counted * other.Terms.Weight).CompareTo((long)other.Counted * one.Terms.Weight)", "one.Counted.CompareTo(other.Counted)", CORE_TESTS),
    ("slots are recalled by weight", CORE + "Scheduling/ShareOrder.cs", "(from.Counted - 1L) * to.Terms.Weight >= (to.Counted + 1L) * from.Terms.Weight", "from.Counted - 1L >= to.Counted + 1L", CORE_TESTS),
    ("nobody is left without a slot", CORE + "Scheduling/ShareOrder.cs", "(to.Counted == 0 || ", "(", CORE_TESTS),
    ("a higher priority gets slots of a lower", CORE + "Scheduling/ShareOrder.cs", "from.Terms.Priority < to.Terms.Priority || ", "", CORE_TESTS),
    ("whoever waits takes what comes first", CORE + "Scheduling/RecalledSlots.cs", "        if (place < 0)\n            place = ", "        if (place < 0 && idle < 0)\n            place = ", CORE_TESTS),
    ("who has none comes before who has some", CORE + "Scheduling/SlotPool.cs", "_dealer.Exchange(returned, holder);", "_ = holder;", CORE_TESTS),
    ("max-concurrent counts what is on its way back", CORE + "Scheduling/PoolShare.cs", "Slots.Count + Awaited.Count < most", "Counted < most", CORE_TESTS),
    ("a grant rises", CORE + "Scheduling/PoolDecisions.cs", "checked(++_grants)", "checked(_grants)", CORE_TESTS),
    ("what runs is stronger than a claim", CORE + "Scheduling/SlotClaims.cs", "(slot.Owner is null || slot.Owner == share)", "!slot.Leaves", CORE_TESTS),
    ("a return under an older grant is none", CORE + "Scheduling/SlotPool.cs", "(grant > 0 && grant < returned.Grant)", "grant < 0", CORE_TESTS),
    ("stopping: at least the best goes on", CORE + "Scheduling/Rung.cs", "Math.Max(Math.Min(1, Results), Results / reductionFactor)", "Results / reductionFactor", CORE_TESTS),
    ("stopping: who does not go on now never does", CORE + "Scheduling/Rung.cs", "        if (rule == RungRule.Stopping)\n            return _goesOn;\n", "", CORE_TESTS),
    ("stopping: going on comes before a retry", CORE + "Scheduling/NextStep.cs", "if (type == SchedulerType.Stopping && state.Brackets", "if (type == SchedulerType.Stopping && state.Retries.Count == 0 && state.Brackets", CORE_TESTS),
    ("stopping: in its own slot", CORE + "Experiments/Experiment.cs", "GoesOn(trial) ? trial.Slot : State.Slots.FirstIdle!.Value;", "State.Slots.FirstIdle!.Value;", CORE_TESTS),
    ("stopping: what it reports meanwhile counts", ACTORS + "TrialActor.cs", "            pause.Reports.Enqueue(report);\n", "            _ = pause;\n", ACTOR_TESTS),
    ("stopping: who does not go on is ended", ACTORS + "ReportDesk.cs", "            jobs.EndUndecided();\n", "            _ = standing;\n", HOST_STOPPING),
    ("brackets: the oldest is asked first", CORE + "Scheduling/NextStep.cs",
     "state.FirstWaiting is { } waits && !(oldest < waits) ? waits : oldest", "state.FirstWaiting is { } waits && oldest is null ? waits : oldest", CORE_TESTS),
    ("brackets: one after the other", CORE + "Experiments/BracketRules.cs", "BracketRepeat.Sequential => state.MaySampleAny && state.IsOver(state.Brackets[^1]),", "BracketRepeat.Sequential => state.MaySampleAny,", CORE_TESTS),
    ("simulation: ends come in the order of starts", ACTORS + "Simulation/SimulatedWorld.cs", "var number = _starts++;", "var number = -_starts++;", ACTOR_TESTS),
    ("simulation: nothing starts at the horizon", CORE + "Scheduling/NextStep.cs", "state.Slots.FirstIdle is null || state.Time >= state.Spec.Stop.After", "state.Slots.FirstIdle is null || state.Time > state.Spec.Stop.After", ACTOR_TESTS),
    ("world: new slots count though nobody wants them", CORE + "Scheduling/SlotPool.cs", "            _dealer.Offer(slot!);\n", "            _ = slot;\n", ACTOR_TESTS),
    ("world: a slot that waits for its report is idle", CORE + "Experiments/ExperimentState.cs", "SlotPhase.Awaiting, awaited.Trial", "SlotPhase.Busy, awaited.Trial", ACTOR_TESTS),
    ("world: a lost slot counts until it is given up", ACTORS + "NodeDesk.cs", "experiments.Tell(holder, new SlotsUnreachable(slots));", "experiments.Tell(holder, new SlotsLost(slots));", ACTOR_TESTS),
    ("test kit: a node is slow at one rung only", KIT + "Scenarios/ScenarioWorld.cs", "rung == job.Rung ? (decimal)times : 1", "rung <= job.Rung ? (decimal)times : 1", KIT_TESTS),
    ("test kit: what is told is done when it is told", KIT + "AshaTestKit.cs", "        system.Clock.Drain();\n", "", KIT_TESTS),
    ("test kit: what happens at a time counts at it", KIT + "Runs/ScenarioRun.cs", "EventClass.Horizon, long.MaxValue", "EventClass.AttemptEnds, long.MinValue", KIT_TESTS),
    ("test kit: a run has a time 0 of its own", ACTORS + "Simulation/SimulatedWorld.cs", "_zero - last.Time : _zero)", "_zero - last.Time : TimeSpan.Zero)", KIT_TESTS),
    ("test kit: a run that is left leaves its actors' names", ACTORS + "Simulation/SimulatedWorld.cs", "            _system.Actors.Stop(Supervisor);\n", "            _ = Supervisor;\n", KIT_TESTS),
    ("test kit: a played node is not answered for", ACTORS + "Simulation/SimulatedNodes.cs", "supervisor.Tell(new JoinNode(name, nodes[number].Slots), player);\n            return;", "supervisor.Tell(new JoinNode(name, nodes[number].Slots), player);", KIT_TESTS),
    ("8 an unknown manifest is an error", ACTORS + "Persistence/EventLines.cs", "yield return Numbered(line.Span, path, ++number);",
     "{\n                ExperimentEvent? known = null;\n                try { known = Numbered(line.Span, path, ++number); } catch (UnknownFormatException) { }\n                if (known is not null) yield return known;\n            }", ACTOR_TESTS),
    ("8 no type names", ACTORS + "Persistence/AshaFormat.cs", "(\"slot-lost.1\", typeof(SlotLost))", "(\"Asha.Core.Experiments.SlotLost\", typeof(SlotLost))", ACTOR_TESTS),
    ("metrics survive bit by bit", ACTORS + "Persistence/ScalarConverters.cs", "writer.WriteNumberValue(value);\n        else", "writer.WriteNumberValue((float)value);\n        else", ACTOR_TESTS),
    ("secrets are written nowhere", ACTORS + "Persistence/ScalarConverters.cs", "            writer.WriteNull(name);", "            writer.WriteString(name, value[name]);", ACTOR_TESTS),
    ("experiments on one node are kept apart", ACTORS + "UnstoredReports.cs", "=> Drop((run, stored.Trial", "=> Drop((_reports.Keys.First().Run, stored.Trial", ACTOR_TESTS),
    ("parity: no decision looks at the clock", CORE + "Scheduling/NextStep.cs", "        if (state.Retries.TryPeek(out var retry))\n            return",
     "        if ((state.Time.Ticks % 2 == 0 || Oldest(state, heads) is null) && state.Retries.TryPeek(out var retry))\n            return", "tests/Asha.Tuning.Tests --filter ParityTests"),
    ("contract: a request is written wholly or not at all", STORE, "        if (batch.FirstOrDefault(IsThere) is { } twice)",
     "        var good = batch.TakeWhile(entry => !IsThere(entry)).ToList();\n        if (good.Count < batch.Count)\n            Commit(good);\n        if (good.Count < batch.Count && batch[good.Count] is { } twice)", CONTRACT),
    ("contract: a number is given once", STORE, "        if (batch.FirstOrDefault(IsThere) is { } twice)", "        if (batch.FirstOrDefault(entry => entry.Number < 0) is { } twice)", CONTRACT),
    ("contract: a write that fails leaves nothing", STORE, "        if (fate.Error is { } error && !fate.IsDone)", "        if (fate.Error is not null && !fate.IsDone)\n            Commit(batch);\n        if (fate.Error is { } error && !fate.IsDone)", CONTRACT),
    ("contract: a write that fails is told", MEMORY, "            if (store.End(batch, fate) is { } error)", "            if (store.End(batch, fate) is { } error && batch.Count > 2)", CONTRACT),
    ("contract: a crash leaves whole requests", STORE, "            if (isDurable(batch) && !batch.Any(IsThere))\n                Commit(batch);", "            if (isDurable(batch) && !batch.Any(IsThere))\n                Commit([.. batch.Take(batch.Count / 2)]);", CONTRACT),
    ("contract: what is acknowledged is there after a crash", STORE, "        (IsDown, Life) = (true, Life + 1);\n", "        (IsDown, Life) = (true, Life + 1);\n        foreach (var journal in _journals.Values.Where(journal => journal.Entries.Count > 0))\n            journal.Entries.RemoveAt(journal.Entries.Count - 1);\n", CONTRACT),
    ("contract: nobody hears a dead engine", TORTURE + "Journals/DeedLine.cs", "store.IsDown || store.Life != _life;", "store.Life != _life;", CONTRACT),
    ("contract: a read waits for the writes before it", MEMORY, "_line.Add(Store, StoreDeed.Read, fate => Replay(replay, fate));", "Replay(replay, default);", CONTRACT),
    ("contract: entries are read in order", STORE, "            yield return entries.Values[index];", "            yield return entries.Values[entries.Count - 1 - index];", CONTRACT),
    ("contract: no more entries than asked for", STORE, "index < entries.Count && max > 0 &&", "index < entries.Count && max >= 0 &&", CONTRACT),
    ("contract: no entry after the last asked for", STORE, "entries.Keys[index] <= to; index++", "entries.Keys[index] <= to + 1; index++", CONTRACT),
    ("contract: journals are kept apart", STORE, "_journals.TryGetValue(id, out var journal) ? journal : _journals[id] = new Journal();", "_journals.TryGetValue(\"\", out var journal) ? journal : _journals[\"\"] = new Journal();", CONTRACT),
    ("contract: a deleted entry's number is not given again", STORE, "=> Of(id).Highest;", "=> Of(id).Entries.Keys.LastOrDefault();", CONTRACT),
    ("contract: an entry of a later version is an error", MEMORY, "                var payload = _serialization.Deserialize(", "                if (entry.Manifest != Asha.Actors.Persistence.AshaSerializer.EntryManifest)\n                    continue;\n                var payload = _serialization.Deserialize(", CONTRACT),
    ("contract: the newest snapshot is loaded", TORTURE + "Journals/MemorySnapshots.cs", ".LastOrDefault(one => Fits", ".FirstOrDefault(one => Fits", CONTRACT),
    ("contract: no snapshot beyond the entry asked for", TORTURE + "Journals/MemorySnapshots.cs", "Math.Min(criteria.MaxSequenceNr, to)", "criteria.MaxSequenceNr", CONTRACT),
    ("contract: a snapshot that is deleted is gone", STORE, "            Of(id).Snapshots.Remove(old.Number);", "            _ = old;", CONTRACT),
    ("torture: at most ⌊m/η⌋ (one more)", CORE + "Scheduling/Rung.cs", "RungRule.Asynchronous or RungRule.Stopping => Places,", "RungRule.Asynchronous or RungRule.Stopping => Places + 1,", TORTURED),
    ("torture: at least ⌊m/η⌋ (one less)", CORE + "Scheduling/Rung.cs", "RungRule.Asynchronous or RungRule.Stopping => Places,", "RungRule.Asynchronous or RungRule.Stopping => (Results - 1) / reductionFactor,", TORTURED),
    ("torture: NaN is never promoted", CORE + "Scheduling/Rung.cs", "PositiveInfinity, trial, Standing.NotFinite", "PositiveInfinity, trial, Standing.Open", TORTURED),
    ("torture: NaN counts in |rung|", CORE + "Scheduling/Rung.cs", "        var rank = _results.Insert(Entry", "        if (!finite)\n            return;\n        var rank = _results.Insert(Entry", TORTURED),
    ("torture: ties rank by trial", CORE + "Scheduling/RankedResults.cs", "=> Ranking.IsBefore(Metric, Trial, other.Metric, other.Trial);", "=> Metric < other.Metric;", TORTURED),
    ("torture: the highest rung first", CORE + "Scheduling/RungHeads.cs", "for (var rung = heads.Length - 1; rung >= 0; rung--)", "for (var rung = 0; rung < heads.Length; rung++)", TORTURED),
    ("torture: a promotion before a new trial", CORE + "Scheduling/NextStep.cs", "return heads.Highest(bracket) is { } rung ?", "return !state.MaySample(bracket) && heads.Highest(bracket) is { } rung ?", TORTURED),
    ("torture: the barrier waits for all", CORE + "Scheduling/Rung.cs", "RungRule.Synchronous when Results == population", "RungRule.Synchronous when Results >= population - 1", TORTURED),
    ("torture: a retry before a new trial", CORE + "Scheduling/NextStep.cs", "        if (state.Retries.TryPeek(out var retry))\n            return", "        if (!state.MaySample(0) && state.Retries.TryPeek(out var retry))\n            return", TORTURED),
    ("torture: stopping: at least the best goes on", CORE + "Scheduling/Rung.cs", "Math.Max(Math.Min(1, Results), Results / reductionFactor)", "Results / reductionFactor", TORTURED),
    ("torture: stopping: who does not go on now never does", CORE + "Scheduling/Rung.cs", "        if (rule == RungRule.Stopping)\n            return _goesOn;\n", "", TORTURED),
    ("torture: stopping: in its own slot", CORE + "Experiments/Experiment.cs", "GoesOn(trial) ? trial.Slot : State.Slots.FirstIdle!.Value;", "State.Slots.FirstIdle!.Value;", TORTURED),
    ("torture: brackets: one after the other", CORE + "Experiments/BracketRules.cs", "BracketRepeat.Sequential => state.MaySampleAny && state.IsOver(state.Brackets[^1]),", "BracketRepeat.Sequential => state.MaySampleAny,", TORTURED),
    ("torture: max-attempts failures, not one more", CORE + "Experiments/RetryRules.cs", "trial.Failures + 1 >= spec.Trial.MaxAttempts", "trial.Failures >= spec.Trial.MaxAttempts", TORTURED),
    ("torture: each kind of fault has its own limit", CORE + "Experiments/RetryRules.cs", "trial.FailuresOf(kind) + 1 >=", "trial.Failures >=", TORTURED),
    ("torture: a wait grows with the failures", CORE + "Experiments/RetryRules.cs", "failure < failures && ticks", "failure < 1 && ticks", TORTURED),
    ("torture: a lost node uses up no retry", CORE + "Experiments/ExperimentState.Attempts.cs", "        Retry(trial, lost.Cause, lost.Time + lost.BackOff);", "        trial.CountFailure(FaultKind.Crash);\n        Retry(trial, lost.Cause, lost.Time + lost.BackOff);", TORTURED),
    ("torture: a run with a job that waits is not over", CORE + "Scheduling/NextStep.cs", "!state.Retries.AnyBackingOff && !HasWork", "!HasWork", TORTURED),
    ("torture: a message counts once", CORE + "Experiments/Experiment.Reports.cs", "        return !trial.IsRunning ? MessageStanding.Late :", "        return", TORTURED),
    ("torture: the journal is the state", CORE + "Experiments/Experiment.cs", "        _decided.Add(decided);", "        if (decided is not SlotParked)\n            _decided.Add(decided);", TORTURED),
    ("torture: a parked slot works again", CORE + "Experiments/SlotTable.cs", "        if (phase is SlotPhase.Undecided or SlotPhase.Parked)\n            _idle", "        if (phase is SlotPhase.Undecided)\n            _idle", TORTURED),
    ("torture: a lost slot runs nothing", CORE + "Experiments/SlotTable.cs", "        if (phase is SlotPhase.Undecided or SlotPhase.Parked)\n            _idle", "        if (phase is SlotPhase.Undecided or SlotPhase.Parked or SlotPhase.Lost)\n            _idle", TORTURED),
    ("torture: lost slots are idle time", CORE + "Utilization/IdleCause.cs", "        idle[(int)IdleCause.NodeLost] = slots.Count(SlotPhase.Lost);\n", "", TORTURED),
    ("torture: a job resumes from its newest checkpoint", CORE + "Experiments/ExperimentState.Attempts.cs", "        trial.Checkpoint = newest;\n", "        trial.Checkpoint ??= newest;\n", TORTURED),
    ("why: the first of the closest moments is told", CORE + "Stories/RungStory.cs", "Rank - Candidates < other.Rank - other.Candidates", "Rank - Candidates <= other.Rank - other.Candidates", CORE_TESTS),
]

# What a broken law needs in order to compile.
ALSO = {"contract: a number is given once": (STORE, "journal.Entries.Add(entry.Number, entry);", "journal.Entries[entry.Number] = entry;"),
        "3 sampling does not depend on order": (CORE + "Searchers/RandomSearcher.cs", "    private readonly SearchSpace _space;", "    private int _calls;\n    private readonly SearchSpace _space;")}
LENIENT = ["-p:TreatWarningsAsErrors=false", "-p:EnforceCodeStyleInBuild=false", "-p:RunAnalyzers=false"]


def run(folder, *command, limit=420):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=limit)
        return done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        return 124, (late.stdout or b"").decode() if isinstance(late.stdout, bytes) else late.stdout or ""


def misfit(folder, path, old):
    """Why it cannot be replaced there; None: it can."""
    name = os.path.join(folder, path)
    if not os.path.isfile(name):
        return f"{path}: not there. The law moved; move this list with it."
    with open(name, encoding="utf-8") as file:
        times = file.read().count(old)
    return None if times == 1 else f"{path}: {times} times, not once: {old!r}. The law moved; move this list with it."


def replace(folder, path, old, new):
    if wrong := misfit(folder, path, old):
        raise SystemExit(wrong)
    name = os.path.join(folder, path)
    text = open(name, encoding="utf-8").read()
    open(name, "w", encoding="utf-8").write(text.replace(old, new))


def noticed(folder, tests):
    """The tests that fail, or what the compiler says."""
    if tests is None:
        code, output = run(folder, "dotnet", "build", "src/Asha.Core", "-v", "q")
        return sorted({f"does not build: {rule}" for rule in re.findall(r"error (RS\d+)", output)}) if code else []
    project, *only = tests.split()
    code, output = run(folder, "dotnet", "build", project, "-v", "q", *LENIENT)
    if code:
        raise SystemExit("\n".join(line for line in output.splitlines() if "error" in line)[:2000])
    code, output = run(folder, "dotnet", "test", project, "--no-build", *only)
    failed = sorted(set(re.findall(r"^\s+Failed (\S+?)(?:\(| \[)", output, re.M)))
    if not failed:
        # Nothing guards it, or what ought to have looked did not come to it: this tells which.
        print(f"exit code {code}\n{output[-2000:]}", file=sys.stderr)
    return failed or (["does not come to an end"] if code == 124 else [])


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    words = [word.lower() for word in sys.argv[1:] if word != "--check"]
    laws = [law for law in LAWS if not words or any(word in law[0].lower() for word in words)]
    # Before the first minute is spent.
    wrong = [misfit(root, path, old) for path, old in [law[1:3] for law in laws] + [more[:2] for more in ALSO.values()]]
    if any(wrong) or "--check" in sys.argv[1:]:
        sys.exit("\n".join(filter(None, wrong)) or None)
    folder = tempfile.mkdtemp(prefix="asha-laws-")
    unguarded = []
    try:
        for path in subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.splitlines():
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            shutil.copyfile(os.path.join(root, path), os.path.join(folder, path))
        print("| law | broken in | first tests that fail | how many |\n|---|---|---|---|", flush=True)
        for law, path, old, new, tests in laws:
            replace(folder, path, old, new)
            if law in ALSO:
                replace(folder, *ALSO[law])
            failed = noticed(folder, tests)
            shutil.copyfile(os.path.join(root, path), os.path.join(folder, path))
            short = [f"`{name.split('.Tests.')[-1]}`" if "." in name else name for name in failed]
            print(f"| {law} | {os.path.basename(path)} | {', '.join(short[:2]) or '**nothing**'} | {len(failed)} |", flush=True)
            unguarded += [] if failed else [law]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if unguarded:
        raise SystemExit(f"Nothing guards: {', '.join(unguarded)}")


if __name__ == "__main__":
    main()
