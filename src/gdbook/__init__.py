"""Losses, gradients and descent for the book, using only NumPy.

>>> import gdbook
>>> loss = gdbook.SlopeMeanSquaredError.from_points(gdbook.hubble_1929())
>>> walk = gdbook.descend(loss, 0.0, step_size=0.3, n_steps=10)
>>> print(f"{walk.parameters[-1]:.6f}")
0.423937

The charts are in `gdbook.charts`, which needs Altair and is imported separately.
"""

from gdbook.batches import batches
from gdbook.data import Points, book_data, hubble_1929, read_points, sea_temperature_2008
from gdbook.descent import Regime, Walk, descend, gentle_step_size, regime, steps_until
from gdbook.losses import LineMeanSquaredError, SlopeMeanSquaredError
from gdbook.network import NetworkMeanSquaredError
from gdbook.ranges import trial_slopes
from gdbook.rules import (
    Adam,
    Backtracking,
    BarzilaiBorwein,
    DecayingStepSize,
    FixedStepSize,
    FixedStride,
    Momentum,
    Rule,
)
from gdbook.waves import WaveMeanSquaredError

__all__ = [
    "Adam",
    "Backtracking",
    "BarzilaiBorwein",
    "DecayingStepSize",
    "FixedStepSize",
    "FixedStride",
    "LineMeanSquaredError",
    "Momentum",
    "NetworkMeanSquaredError",
    "Points",
    "Regime",
    "Rule",
    "SlopeMeanSquaredError",
    "Walk",
    "WaveMeanSquaredError",
    "batches",
    "book_data",
    "descend",
    "gentle_step_size",
    "hubble_1929",
    "read_points",
    "regime",
    "sea_temperature_2008",
    "steps_until",
    "trial_slopes",
]
