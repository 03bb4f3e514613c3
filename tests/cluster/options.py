"""What the scripts beside this have in common: a cluster in a folder, an experiment in it, and its end."""
import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import members
from member import BEGUN, HERE, ROOT, load, say, until


def parse(description, trials, pause, nodes=4):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--folder", help="where everything is kept; left there (a temporary one, gone at the end if all went well)")
    parser.add_argument("--nodes", type=int, default=nodes)
    parser.add_argument("--trials", type=int, default=trials, help=f"of examples/digits, so that it takes long enough ({trials})")
    parser.add_argument("--pause", type=float, default=pause, help=f"seconds before each report is handed on, likewise ({pause})")
    return parser


@contextlib.contextmanager
def cluster(given, coordinators=3, slots=1, prepare=lambda made: None):
    """Builds what is needed, has three coordinators and the nodes up, and ends them, whatever happens; `prepare` may change them before they start."""
    for project in ("src/Asha.Host", "examples/digits"):
        subprocess.run(["dotnet", "build", project, "-c", "Release", "-v", "q", "--nologo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    folder = given.folder or tempfile.mkdtemp(prefix="asha-cluster-")
    os.makedirs(folder, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    made = members.Cluster(os.path.realpath(folder), coordinators, given.nodes, slots, pause=given.pause)
    isDone = False
    try:
        prepare(made)
        made.start()
        yield made
        isDone = True
    finally:
        made.end()
        if isDone and given.folder is None:
            shutil.rmtree(folder)
        else:
            say(f"what they kept: {folder}")


def submit_digits(made, given):
    """`examples/digits` as it is, but for more trials, its program beside a witness, no variables, and nothing to prepare (it is built)."""
    made.submit(os.path.join(ROOT, "examples/digits/digits.yaml"), "--set", f"scheduler.trials={given.trials}", "--set", "trial.env={}", "--set", "trial.prepare=[]",
        "--set", f"trial.command=[bash, {HERE}/witness.sh, dotnet, bin/Release/net10.0/digits.dll, train]")
    until("trials start", lambda: len(made.starts()) > 4)


def conclude(made, limit=900):
    """Waits for the run's end, and has the checker look."""
    until("the run ends", lambda: made.phase() == "over", limit, pause=1)
    say(made.asha("ls").stdout.strip())
    times = [start[0] for start in made.starts()]
    gap, at = max((after - before, before) for before, after in zip(times, times[1:]))
    say(f"longest time without a job start: {gap:.1f} s, from {at - BEGUN:.1f} s on ({len(times)} starts); {load()}")
    code = made.check()
    say(f"checker's exit code: {code}")
    return code
