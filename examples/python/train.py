"""A trial in Python's standard library: softmax regression on handwritten digits, by stochastic gradient descent."""
import csv
import gzip
import json
import math
import os
import random
import sys
import threading
from operator import mul
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "digits" / "data" / "digits.csv.gz"
CLASSES = range(10)
CHECKPOINT_EVERY = 3


def exit_when_asha_is_gone():
    """Standard input stays open as long as Asha lives. os.read, as sys.stdin's lock would be in the way when we exit."""

    def watch():
        while os.read(0, 4096):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def load():
    """(pixels and a constant 1 for the bias, digit); the same 500 train and the same 300 validate in every trial."""
    with gzip.open(DATA, "rt") as file:
        rows = [[int(cell) for cell in row] for row in csv.reader(file)]
    random.Random("split").shuffle(rows)
    images = [([pixel / 16 for pixel in row[:64]] + [1.0], row[64]) for row in rows[:800]]
    return images[:500], images[500:]


def zeros():
    return [[0.0] * 65 for _ in CLASSES]


def scores(weights, image):
    return [sum(map(mul, own, image)) for own in weights]


def train_epoch(state, params, images, seed):
    """One pass, in an order that (seed, epoch) decides: a resumed training needs no state of a generator."""
    state["epoch"] += 1
    order = list(range(len(images)))
    random.Random(f"{seed}/{state['epoch']}").shuffle(order)
    rate, momentum = params["learning-rate"], params["momentum"]
    keep = 1 - rate * params["weight-decay"]
    for index in order:
        image, digit = images[index]
        own = scores(state["weights"], image)
        highest = max(own)
        powers = [math.exp(score - highest) for score in own]
        total = sum(powers)
        for label in CLASSES:
            error = powers[label] / total - (label == digit)
            velocity = [momentum * v + error * x for v, x in zip(state["velocity"][label], image)]
            state["velocity"][label] = velocity
            state["weights"][label] = [keep * w - rate * v for w, v in zip(state["weights"][label], velocity)]


def accuracy(weights, images):
    """NaN where training has diverged."""
    right = 0
    for image, digit in images:
        own = scores(weights, image)
        if not all(map(math.isfinite, own)):
            return math.nan
        right += own.index(max(own)) == digit
    return right / len(images)


def save(state, path):
    """Under another name first: a file of this name is whole, whenever the process is killed."""
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "w") as file:
        json.dump(state, file)  # floats are written so that they read back the same
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def report(epoch, metric, **more):
    print("@asha", json.dumps({"resource": epoch, "metric": metric, **more}), flush=True)


def main():
    exit_when_asha_is_gone()
    params = json.loads(Path(os.environ["ASHA_PARAMS_FILE"]).read_text())
    target = math.ceil(float(os.environ["ASHA_TARGET_RESOURCE"]))
    training, validation = load()
    if os.environ["ASHA_RESUME_FROM"]:
        state = json.loads(Path(os.environ["ASHA_RESUME_FROM"]).read_text())
    else:
        state = {"epoch": 0, "weights": zeros(), "velocity": zeros()}
    while state["epoch"] < target:
        train_epoch(state, params, training, os.environ["ASHA_SEED"])
        epoch, metric = state["epoch"], accuracy(state["weights"], validation)
        if math.isnan(metric):
            report(target, metric)  # more epochs would not change it
            return
        if epoch % CHECKPOINT_EVERY == 0 or epoch == target:
            save(state, Path(os.environ["ASHA_CHECKPOINT_DIR"], f"epoch-{epoch}.json"))
            report(epoch, metric, checkpoint=f"epoch-{epoch}.json")
        else:
            report(epoch, metric)


if __name__ == "__main__":
    sys.exit(main())
