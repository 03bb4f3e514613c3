"""python3 -m unittest discover -s clients/python/tests"""
import contextlib
import decimal
import fractions
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

CLIENT = Path(__file__).resolve().parent.parent
GOLDEN = CLIENT.parent.parent / "tests" / "data" / "reporter-lines.jsonl"
sys.path.insert(0, str(CLIENT))

import asha  # noqa: E402


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.checkpoints = self.folder / "checkpoints"
        self.checkpoints.mkdir()

    def environment(self, params=None, start="0", target="8", **more):
        """What the protocol promises; everything else as it is here, but for what may be Asha's own around us."""
        file = self.folder / "params.json"
        file.write_text(json.dumps(params or {}), "utf-8")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASHA_", "PYTHON"))}
        return {**clean, "ASHA_PROTOCOL": "1", "ASHA_PARAMS_FILE": str(file), "ASHA_START_RESOURCE": start, "ASHA_TARGET_RESOURCE": target, "ASHA_TRIAL_ID": "17",
                "ASHA_ATTEMPT": "2", "ASHA_SEED": "9223372036854775807", "ASHA_CHECKPOINT_DIR": str(self.checkpoints), "ASHA_RESUME_FROM": "", **more}

    @contextlib.contextmanager
    def inside(self, environment):
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update(environment)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def trial(self, **environment):
        with self.inside(self.environment(**environment)):
            return asha.Trial(exit_with_asha=False)

    def reported(self, trial, *arguments):
        """The bytes that one report writes to the real standard output, file descriptor 1."""
        with tempfile.TemporaryFile() as file:
            saved = os.dup(1)
            os.dup2(file.fileno(), 1)
            try:
                trial.report(*arguments)
            finally:
                os.dup2(saved, 1)
                os.close(saved)
            file.seek(0)
            return file.read()

    def start(self, script, environment, *options):
        """A trial as a process; its standard input stays open until the test is over, or closes it."""
        process = subprocess.Popen([sys.executable, *options, "-c", textwrap.dedent(script)], env={**environment, "PYTHONPATH": str(CLIENT)},
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: (process.poll() is None and process.kill(), process.wait(),
                                 process.stdin.close(), process.stdout.close(), process.stderr.close()))
        return process

    def finish(self, process):
        """What it printed; its standard input stays open, which communicate() would close."""
        out = process.stdout.read()
        self.assertEqual((0, b""), (process.wait(timeout=60), process.stderr.read()))
        return out

    def run_by_hand(self, script, **environment):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASHA_", "PYTHON"))}
        return subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env={**clean, "PYTHONPATH": str(CLIENT), **environment},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)


class WhatATrialGets(InAFolder):
    def test_everything_is_there(self):
        params = {"learning-rate": 1e-05, "hidden": 64, "optimizer": "sgd", "nesterov": True, "näme": "é"}
        trial = self.trial(params=params, start="4", target="16", ASHA_RESUME_FROM="/some/checkpoint")
        self.assertEqual((params, 4, 16, 17, 2, 2**63 - 1), (trial.params, trial.start, trial.target, trial.id, trial.attempt, trial.seed))
        self.assertEqual((Path("/some/checkpoint"), self.checkpoints), (trial.resume_from, trial.checkpoint_dir))
        self.assertEqual(list(range(5, 17)), list(trial.remaining))

    def test_from_scratch_there_is_nothing_to_resume_from(self):
        self.assertIsNone(self.trial().resume_from)

    def test_whole_resources_are_int_others_float_and_what_remains_goes_just_beyond_the_target(self):
        for start, target, remaining in (("0", "3", [1, 2, 3]), ("2.5", "4.25", [3, 4, 5]), ("3", "3.5", [4]), ("0", "0.5", [1])):
            trial = self.trial(start=start, target=target)
            self.assertEqual(remaining, list(trial.remaining))
            for text, value in ((start, trial.start), (target, trial.target)):
                self.assertEqual((float(text), float if "." in text else int), (value, type(value)))
        self.assertEqual(10**15, self.trial(target="1E+15").target)

    def test_another_version_of_the_protocol_is_refused(self):
        with self.assertRaisesRegex(RuntimeError, "version 1 of the trial protocol, and Asha 2"):
            self.trial(ASHA_PROTOCOL="2")


class Report(InAFolder):
    def test_golden_lines_byte_for_byte(self):
        with open(GOLDEN, encoding="utf-8", newline="\n") as lines:
            golden = [json.loads(line) for line in lines]
        self.assertGreater(len(golden), 20)
        for entry in golden:
            with self.subTest(entry["line"]):
                checkpoint = entry.get("checkpoint")
                if checkpoint is not None and checkpoint != ".":
                    (self.checkpoints / checkpoint).parent.mkdir(parents=True, exist_ok=True)
                    (self.checkpoints / checkpoint).touch()
                given = (entry["resource"], float(entry["metric"])) + (() if checkpoint is None else (checkpoint,))
                self.assertEqual(f"\n{entry['line']}\n".encode("utf-8"), self.reported(self.trial(target="1000"), *given))

    def test_numbers_of_any_kind(self):
        class Scalar:
            def __float__(self):
                return 0.5
        for value in (Scalar(), decimal.Decimal("0.5"), fractions.Fraction(1, 2), 0.5):
            self.assertEqual(b'\n@asha {"resource": 0.5, "metric": 0.5}\n', self.reported(self.trial(), value, value))

    def test_what_is_no_number_is_refused(self):
        class Two:
            def __float__(self):
                raise RuntimeError("only one element tensors can be converted to Python scalars")
        for value in (None, "0.5", b"1", [0.5], {}, 1j, 10**400, Two()):
            with self.assertRaisesRegex(ValueError, "^metric must be one number, not "):
                self.trial().report(1, value)
            with self.assertRaisesRegex(ValueError, "^resource must be one number, not "):
                self.trial().report(value, 1)

    def test_a_resource_is_finite_above_the_start_and_rises(self):
        trial = self.trial(start="4", target="16")
        for resource in (4, 3, 0, -1, float("nan"), float("inf"), float("-inf")):
            with self.assertRaisesRegex(ValueError, re.escape(f"resource must be finite and above 4, which was trained or reported before; it is {resource}")):
                trial.report(resource, 1)
        self.assertEqual(b'\n@asha {"resource": 5, "metric": 1.0}\n', self.reported(trial, 5, 1))
        for resource in (5, 4.5):
            with self.assertRaisesRegex(ValueError, f"resource must be finite and above 5, which was trained or reported before; it is {resource}"):
                trial.report(resource, 1)
        self.assertEqual(b'\n@asha {"resource": 5.5, "metric": 1.0}\n', self.reported(trial, 5.5, 1))
        with self.assertRaises(ValueError):
            self.trial().report(0, 1)

    def test_what_is_refused_leaves_no_trace_and_does_not_count(self):
        trial = self.trial()
        for arguments in ((1, "x"), (1, 1, "missing")):
            with self.assertRaises(ValueError):
                self.reported(trial, *arguments)
        self.assertEqual(b'\n@asha {"resource": 1, "metric": 1.0}\n', self.reported(trial, 1, 1))

    def test_a_checkpoint_is_in_its_folder_and_is_written_relative_to_it(self):
        (self.checkpoints / "a").mkdir()
        (self.checkpoints / "a" / "b").touch()
        (self.checkpoints / "newest").symlink_to("a/b")
        (self.folder / "link").symlink_to(self.checkpoints)
        for path in ("a/b", Path("a", "b"), "a/../a//b", self.checkpoints / "a" / "b", str(self.checkpoints / "a" / "b"), os.fsencode(self.checkpoints / "a" / "b"),
                     self.folder / "link" / "a" / "b", "newest"):
            self.assertEqual(b'\n@asha {"resource": 1, "metric": 1.0, "checkpoint": "a/b"}\n', self.reported(self.trial(), 1, 1, path))

    def test_a_checkpoint_elsewhere_or_nowhere_is_refused(self):
        (self.folder / "outside").touch()
        (self.folder / "checkpoints-2").touch()
        (self.checkpoints / "leads-out").symlink_to("../outside")
        (self.checkpoints / "leads-nowhere").symlink_to("gone")
        for path in ("missing", "leads-nowhere", "../outside", "../checkpoints-2", "leads-out", self.folder / "outside", "/", ".."):
            with self.assertRaisesRegex(ValueError, f"there is no checkpoint '{path}' in .*, which is trial.checkpoint_dir"):
                self.trial().report(1, 1, path)

    def test_a_name_that_is_not_utf8_is_refused(self):
        (self.checkpoints / os.fsdecode(b"\xff")).touch()
        with self.assertRaises(ValueError):
            self.trial().report(1, 1, os.fsdecode(b"\xff"))

    def test_no_half_line_of_other_threads_or_programs_stands_before_a_report(self):
        trial = self.start("""
            import asha, subprocess, sys, threading
            sys.setswitchinterval(1e-6)
            trial = asha.Trial()
            over = threading.Event()
            def chatter():
                while not over.is_set():
                    print("half a line", end=" ")
                    print("a line")
            threads = [threading.Thread(target=chatter) for _ in range(4)]
            for thread in threads:
                thread.start()
            for epoch in trial.remaining:
                if epoch % 100 == 0:
                    subprocess.run(["printf", "no end"])
                trial.report(epoch, 1 / epoch)
            over.set()
            """, self.environment(target="1000"), "-u")
        out = self.finish(trial)
        reports = [json.loads(line[6:]) for line in out.split(b"\n") if line.startswith(b"@asha ")]
        self.assertEqual([{"resource": epoch, "metric": 1 / epoch} for epoch in range(1, 1001)], reports)

    def test_what_was_printed_before_comes_before_and_redirecting_print_does_not_redirect_reports(self):
        trial = self.start("""
            import asha, contextlib, io
            trial = asha.Trial()
            print("before")
            with contextlib.redirect_stdout(io.StringIO()):
                trial.report(1, 1)
            print("after")
            """, self.environment())
        self.assertEqual(b'before\n\n@asha {"resource": 1, "metric": 1.0}\nafter\n', self.finish(trial))


class Checkpoint(InAFolder):
    def test_a_file_has_its_name_when_the_block_is_over_and_not_before(self):
        trial = self.trial()
        with trial.checkpoint("epochs/3.keras") as path:
            path.write_text("whole")
            self.assertEqual(".keras", path.suffix)  # by which some libraries go
            self.assertFalse((self.checkpoints / "epochs" / "3.keras").exists())
        self.assertEqual(["3.keras"], os.listdir(self.checkpoints / "epochs"))
        self.assertEqual("whole", (self.checkpoints / "epochs" / "3.keras").read_text())
        self.assertIn(b'"checkpoint": "epochs/3.keras"', self.reported(trial, 3, 1, "epochs/3.keras"))

    def test_a_folder_too(self):
        with self.trial().checkpoint("model") as path:
            (path / "inner").mkdir(parents=True)
            (path / "inner" / "weights").write_text("w")
        self.assertEqual(["model"], os.listdir(self.checkpoints))
        self.assertEqual("w", (self.checkpoints / "model" / "inner" / "weights").read_text())

    def test_a_file_takes_the_place_of_an_older_one(self):
        for text in "old", "new":
            with self.trial().checkpoint("last") as path:
                path.write_text(text)
        self.assertEqual("new", (self.checkpoints / "last").read_text())

    def test_after_an_error_there_is_none(self):
        with self.assertRaises(ZeroDivisionError), self.trial().checkpoint("broken") as path:
            path.write_text("half")
            raise ZeroDivisionError
        self.assertFalse((self.checkpoints / "broken").exists())

    def test_nothing_written_is_an_error(self):
        with self.assertRaises(FileNotFoundError), self.trial().checkpoint("nothing"):
            pass


class WhenAshaIsGone(InAFolder):
    WAIT = """
        import asha, sys, time
        trial = asha.Trial({})
        trial.report(1, 1)
        time.sleep(600)
        """

    def test_the_process_goes(self):
        trial = self.start(self.WAIT, self.environment())
        trial.stdout.readline()
        self.assertIsNone(trial.poll())
        trial.stdin.close()
        self.assertEqual(1, trial.wait(timeout=60))

    def test_not_if_the_program_reads_its_input_itself(self):
        trial = self.start("""
            import asha, sys
            trial = asha.Trial(exit_with_asha=False)
            sys.stdin.read()
            print("read to its end")
            """, self.environment())
        trial.stdin.close()
        self.assertEqual((0, b"read to its end\n"), (trial.wait(timeout=60), trial.stdout.read()))

    def test_a_worker_without_that_input_stays(self):
        # The thread that would end it is not even there: nothing to wait for.
        script = "import asha, threading; asha.Trial(); print(threading.active_count())"
        worker = subprocess.run([sys.executable, "-c", script], env={**self.environment(), "PYTHONPATH": str(CLIENT)}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, timeout=60)
        self.assertEqual((0, b"1\n"), (worker.returncode, worker.stdout))

    def test_sigterm_ends_it(self):
        trial = self.start(self.WAIT, self.environment())
        trial.stdout.readline()
        trial.terminate()
        self.assertEqual(-signal.SIGTERM, trial.wait(timeout=60))


class ByHand(InAFolder):
    def test_without_parameters_it_says_what_to_do(self):
        run = self.run_by_hand("import asha; asha.Trial()")
        self.assertEqual(1, run.returncode)
        self.assertIn(b"to run by hand: asha.Trial(debug_params={...}, debug_target=3)", run.stderr)

    def test_with_parameters_it_trains(self):
        run = self.run_by_hand("""
            import asha
            trial = asha.Trial(debug_params={"x": 0.5}, debug_target=2)
            for epoch in trial.remaining:
                with trial.checkpoint("last") as path:
                    path.write_text("state")
                trial.report(epoch, trial.params["x"], "last")
            print(trial.start, trial.target, trial.resume_from, trial.seed, trial.id, trial.attempt, trial.checkpoint_dir, sep="|")
            """)
        self.assertEqual((0, b""), (run.returncode, run.stderr))
        *reports, last = run.stdout.decode().split("\n\n")[-1].split("\n")[:-1]
        self.assertEqual(['@asha {"resource": 2, "metric": 0.5, "checkpoint": "last"}'], reports)
        *told, folder = last.split("|")
        self.assertEqual(["0", "2", "None", "0", "0", "1"], told)
        self.assertFalse(os.path.exists(folder), "a folder that nobody asked for is left")

    def test_variables_set_by_hand_are_taken(self):
        environment = self.environment(params={"x": 7}, start="3", target="5", ASHA_RESUME_FROM="/c")
        del environment["ASHA_PROTOCOL"]
        run = self.run_by_hand("import asha; t = asha.Trial({'x': 1}, 9); print(t.params['x'], t.start, t.target, t.resume_from)", **environment)
        self.assertEqual(b"7 3 5 /c\n", run.stdout)


if __name__ == "__main__":
    unittest.main()
