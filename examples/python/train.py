"""A trial in Python's standard library: softmax regression on handwritten digits, by stochastic gradient descent."""
import csv
import gzip
import json
import math
import random
from operator import mul
from pathlib import Path

import asha

DATA = Path(__file__).resolve().parent.parent / "digits" / "data" / "digits.csv.gz"
CLASSES = range(10)
CHECKPOINT_EVERY = 3


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


def main():
    trial = asha.Trial(debug_params={"learning-rate": 0.01, "momentum": 0.5, "weight-decay": 0.0001}, debug_target=3)
    training, validation = load()
    state = json.loads(trial.resume_from.read_text()) if trial.resume_from else {"epoch": 0, "weights": zeros(), "velocity": zeros()}
    for epoch in trial.remaining:
        train_epoch(state, trial.params, training, trial.seed)
        metric, checkpoint = accuracy(state["weights"], validation), None
        if math.isnan(metric):
            trial.report(trial.target, metric)  # more epochs would not change it
            return
        if epoch % CHECKPOINT_EVERY == 0 or epoch >= trial.target:
            checkpoint = f"epoch-{epoch}.json"
            with trial.checkpoint(checkpoint) as path:
                path.write_text(json.dumps(state))  # floats are written so that they read back the same
        trial.report(epoch, metric, checkpoint)


if __name__ == "__main__":
    main()
