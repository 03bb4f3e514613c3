"""What a trial in Python needs to be tuned by Asha: docs/trial-protocol.md, version 1. Standard library only, Python 3.8 or newer."""
import contextlib
import json
import math
import os
import stat
import sys
import tempfile
import threading
from pathlib import Path


class Trial:
    """One job of one trial: train these parameters from `start` up to `target`.

    params          dict, name -> number, str or bool; a parameter whose `when` does not hold is absent
    start, target   the resource trained before, and the one to train up to; int where whole
    remaining       range of the whole numbers after start, up to or just beyond target: `for epoch in trial.remaining`
    resume_from     Path of the checkpoint that holds what was trained up to start; None: train from scratch
    checkpoint_dir  Path of an existing folder; checkpoints go here and nowhere else
    id, attempt     int; the trial's number from 0; how often it was started, this time included
    seed            int, 0 <= seed < 2**63; the same in every attempt of this trial
    """

    def __init__(self, debug_params=None, debug_target=1, exit_with_asha=True):
        """debug_params and debug_target stand in where Asha gives none, in a run by hand; Asha's own always win.

        exit_with_asha: a thread ends this process when Asha is gone; False where the program reads standard input itself.
        Raises RuntimeError where nobody gives parameters, and where Asha speaks another version of the protocol."""
        env = os.environ
        if env.get("ASHA_PROTOCOL", "1") != "1":
            raise RuntimeError(f"this asha.py speaks version 1 of the trial protocol, and Asha {env['ASHA_PROTOCOL']}: take the asha.py that came with it")
        if "ASHA_PARAMS_FILE" not in env and debug_params is None:
            raise RuntimeError("not started by Asha (ASHA_PARAMS_FILE is not set); to run by hand: asha.Trial(debug_params={...}, debug_target=3)")
        self.params = json.loads(Path(env["ASHA_PARAMS_FILE"]).read_text("utf-8")) if "ASHA_PARAMS_FILE" in env else dict(debug_params)
        self.start = self._reported = _number("start", float(env.get("ASHA_START_RESOURCE", 0)))
        self.target = _number("target", float(env.get("ASHA_TARGET_RESOURCE", debug_target)))
        self.remaining = range(math.floor(self.start) + 1, math.ceil(self.target) + 1)
        self.resume_from = Path(env["ASHA_RESUME_FROM"]) if env.get("ASHA_RESUME_FROM") else None
        self._temporary = None if "ASHA_CHECKPOINT_DIR" in env else tempfile.TemporaryDirectory(prefix="asha-by-hand-")  # goes with this object
        self.checkpoint_dir = Path(self._temporary.name if self._temporary else env["ASHA_CHECKPOINT_DIR"])
        self.id, self.attempt, self.seed = (int(env.get(*pair)) for pair in (("ASHA_TRIAL_ID", 0), ("ASHA_ATTEMPT", 1), ("ASHA_SEED", 0)))
        if exit_with_asha and "ASHA_PROTOCOL" in env and not stat.S_ISCHR(os.fstat(0).st_mode):  # nor a terminal, nor a worker's /dev/null
            threading.Thread(target=_exit_at_end_of_input, name="exit-with-asha", daemon=True).start()

    def report(self, resource, metric, checkpoint=None):
        """Reports the metric at `resource`, all training counted. The first report at or beyond `target` is the result.

        resource, metric  numbers of any kind, NumPy's and tensors of one element included. The resource is finite, above start, and rises.
                          A metric that is not finite says that training diverged: report(trial.target, math.nan) is a result, not a failure.
        checkpoint        file or folder from which training can go on at this resource: a path in checkpoint_dir, absolute or relative to it
        Raises ValueError where one of them is not so; then nothing was reported."""
        resource, metric = _number("resource", resource), float(_number("metric", metric))
        if not self._reported < resource < math.inf:
            raise ValueError(f"resource must be finite and above {self._reported}, which was trained or reported before; it is {resource}")
        line = {"resource": resource, "metric": metric}
        if checkpoint is not None:
            folder, path = (os.path.realpath(path) for path in (self.checkpoint_dir, self.checkpoint_dir / os.fsdecode(checkpoint)))  # as Asha does
            line["checkpoint"] = os.path.relpath(path, folder)
            if os.path.commonpath([folder, path]) != folder or not os.path.exists(path):
                raise ValueError(f"there is no checkpoint '{checkpoint}' in {folder}, which is trial.checkpoint_dir")
        for stream in {sys.stdout, sys.__stdout__} - {None}:
            stream.flush()  # what was printed before stays before
        # One write, with a newline first: whoever else prints, no half line of theirs stands before the report.
        os.write(1, f"\n@asha {json.dumps(line, ensure_ascii=False)}\n".encode("utf-8"))
        self._reported = resource

    @contextlib.contextmanager
    def checkpoint(self, name):
        """`with trial.checkpoint("epoch-3.pt") as path:` write a file or a folder to `path`. At the end of the block it goes to the disk and gets its
        name in checkpoint_dir, which report() takes: what has that name is whole, whenever the process was killed. After an error there is none."""
        final = self.checkpoint_dir / name
        final.parent.mkdir(parents=True, exist_ok=True)
        unfinished = final.with_name("unfinished-" + final.name)
        yield unfinished
        for path in (*unfinished.rglob("*"), unfinished):
            _force_to_disk(path)
        unfinished.replace(final)
        _force_to_disk(final.parent)


def _number(name, value):
    try:
        number = float(None if isinstance(value, (str, bytes)) else value)
    except Exception as problem:  # each kind of tensor has errors of its own
        raise ValueError(f"{name} must be one number, not {value!r}") from problem
    return int(number) if number.is_integer() else number


def _force_to_disk(path):
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.close(file)


def _exit_at_end_of_input():
    while os.read(0, 4096):  # not sys.stdin, whose lock would be in the way when Python ends
        pass
    os._exit(1)
