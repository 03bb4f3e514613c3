#!/usr/bin/env python3
"""Puts one deliberate bug at a time into a copy of the source tree and has `asha torture` look for it.

    python3 tests/bugs/hunt.py                       every patch of this folder, a minute or two each
    python3 tests/bugs/hunt.py my.patch 05-one       these: files, or beginnings of names in this folder
    python3 tests/bugs/hunt.py --seeds 0..299        instead of 0..999
    python3 tests/bugs/hunt.py my.patch --keep found  leaves the tree, to see the torture's whole report

A patch is a unified diff against the root of the tree, with or without a/ and b/ before its paths; lines before its first `diff` or `---` say what it breaks. It is caught when a law of the torture is broken, the engine's own exception does not count. In the end
the tree as it is has to pass all seeds up to the last that was needed. The table that is printed is the one in docs/reliability.md. Exit code: 0 if every bug was caught and the tree passes, else 1; 2: a patch does not fit, or does not
build.
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Of what was seen; `asha torture` says all of it.
MOST_WORDS = 160
LONGEST = 3600  # Seconds: an engine that goes round in circles within one turn never ends by itself.
OWN_EXCEPTION = "the engine does not fail"
ENVIRONMENT = {**os.environ, "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"}


def patches(names):
    """The files that are meant."""
    own = sorted(name for name in os.listdir(HERE) if name.endswith(".patch"))
    found = []
    for name in names or own:
        here = [os.path.join(HERE, one) for one in own if one.startswith(name)]
        if os.path.isfile(name):
            found.append(os.path.abspath(name))
        elif here:
            found += here
        else:
            sys.exit(f"{name}: neither a file nor the beginning of a patch's name in {HERE}")
    return found


def copy(to):
    """All that git knows or would know of, as it is now."""
    files = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for file in filter(None, files):
        if os.path.isfile(os.path.join(ROOT, file)):
            os.makedirs(os.path.dirname(os.path.join(to, file)), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, file), os.path.join(to, file))


def text_of(patch):
    with open(patch, encoding="utf-8", errors="replace") as file:
        return file.read()


def about(patch):
    """What it says of itself, as a cell of the table."""
    words = re.split(r"^(?:diff |Index: |--- |---$)", text_of(patch), maxsplit=1, flags=re.MULTILINE)[0].split()
    return " ".join(words).replace("|", "\\|")


def apply(patch, tree, *more):
    """Why it does not fit; None: it did."""
    # Wherever the copy lies: git looks for a repository in the folders above, and leaves out what is not of its own.
    alone = {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": os.path.dirname(tree)}
    for depth in "-p1", "-p0":
        done = subprocess.run(["git", "apply", "--whitespace=nowarn", depth, *more, patch], cwd=tree, env=alone, capture_output=True, text=True)
        if done.returncode == 0:
            return None
        if "No such file" not in done.stderr:
            break
    return done.stderr.strip()


def build(tree):
    """The engine of the tree, or why it does not build."""
    built = subprocess.run(["dotnet", "build", "src/Asha.Host", "-c", "Release", "-v", "q", "-p:AheadOfTime=false"], cwd=tree, env=ENVIRONMENT, capture_output=True, text=True)
    errors = re.findall(r"error (\w+: .*?) \[", built.stdout)
    return None if built.returncode == 0 else errors[0] if errors else built.stdout[-2000:]


def torture(tree, seeds):
    """The first seed that breaks a law, and what was said of it; an exception of the engine's alone, if nothing else was seen; None: nothing. And whether all seeds were run, and nothing else was wrong."""
    exception, last = None, ""
    process = subprocess.Popen(["dotnet", "src/Asha.Host/bin/Release/net10.0/asha.dll", "torture", "--seeds", seeds], cwd=tree, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    watchdog = threading.Timer(LONGEST, process.kill)
    watchdog.daemon = True
    watchdog.start()
    for line in process.stdout:
        if told := re.match(r"seed (\d+): ([^:]+): (.*)", line):
            seed, law, what = int(told[1]), told[2], told[3].strip()
            what = what if len(what) <= MOST_WORDS else what[:MOST_WORDS] + " …"
            if law != OWN_EXCEPTION:
                watchdog.cancel()
                process.kill()
                process.wait()
                for left in glob.glob(f"/dev/shm/asha-torture-{process.pid}-*") + glob.glob(os.path.join(tempfile.gettempdir(), f"asha-torture-{process.pid}-*")):
                    shutil.rmtree(left, ignore_errors=True)
                return (seed, law, what), None
            exception = exception or (seed, law, what)
        last = line.strip() or last
    watchdog.cancel()
    return exception, f"exit code {process.returncode}: {last}" if process.wait() else None


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("patch", nargs="*")
    arguments.add_argument("--seeds", default="0..999")
    arguments.add_argument("--keep", metavar="FOLDER", help="keep each tree whose bug was caught there, built, and say how to see the torture's whole report")
    asked = arguments.parse_args()
    if not re.fullmatch(r"\d+(\.\.\d+)?", asked.seeds):
        sys.exit(f"--seeds {asked.seeds}: not a seed, and not a range of seeds such as 0..999")
    first = asked.seeds.partition("..")[0]
    missed, furthest = [], int(first)
    with tempfile.TemporaryDirectory(prefix="asha-bugs-") as folder:
        tree = os.path.join(folder, "tree")
        os.mkdir(tree)
        copy(tree)
        print("| bug | caught by | first seed | s |\n|---|---|---|---|", flush=True)
        for patch in patches(asked.patch):
            if (wrong := apply(patch, tree)) is not None:
                print(f"{patch}: does not fit this tree: {wrong}", file=sys.stderr)
                sys.exit(2)
            since = time.monotonic()
            if (wrong := build(tree)) is not None:
                print(f"{patch}: does not build: {wrong}", file=sys.stderr)
                sys.exit(2)
            caught, unwell = torture(tree, asked.seeds)
            name = os.path.basename(patch).removesuffix(".patch")
            if asked.keep and caught:
                kept = shutil.copytree(tree, os.path.join(os.path.abspath(asked.keep), name))
                print(f"cd {kept} && dotnet src/Asha.Host/bin/Release/net10.0/asha.dll torture --seeds {caught[0]}", file=sys.stderr)
            apply(patch, tree, "-R")
            title = f"{name}: {said}" if (said := about(patch)) else name
            if caught is None or caught[1] == OWN_EXCEPTION:
                missed.append(name)
                print(f"| {title} | **{f'nothing ({unwell})' if caught is None and unwell else 'nothing' if caught is None else 'its own exception alone: ' + caught[2]}** | {'' if caught is None else caught[0]} | {time.monotonic() - since:.0f} |", flush=True)
                continue
            furthest = max(furthest, caught[0])
            print(f"| {title} | {caught[1]}: {caught[2]} | {caught[0]} | {time.monotonic() - since:.0f} |", flush=True)
        if (wrong := build(tree)) is not None:
            sys.exit(f"the tree itself does not build: {wrong}")
        sound, unwell = torture(tree, f"{first}..{furthest}")
    print(f"\nThe tree as it is, seeds {first} to {furthest}: {f'seed {sound[0]}: {sound[1]}: {sound[2]}' if sound else unwell or 'no law was broken'}.")
    if missed:
        print(f"Not caught: {', '.join(missed)}.")
    sys.exit(1 if missed or sound or unwell else 0)


if __name__ == "__main__":
    main()
