"""What demos must compute from the values of their inputs, according to `gdbook` and NumPy."""

import numpy as np
import pytest

from gdbook import (
    LineMeanSquaredError,
    Regime,
    SlopeMeanSquaredError,
    descend,
    hubble_1929,
    regime,
)
from gdbook.charts.frame import Frame

POINTS = hubble_1929()
LOSS = SlopeMeanSquaredError.from_points(POINTS)
LINE_LOSS = LineMeanSquaredError.from_points(POINTS)
FRAME = Frame.from_points(POINTS, LOSS)

#: A step size in the middle of each regime.
STEP_SIZES = {
    Regime.CRAWLS: 0.05 / LOSS.curvature,
    Regime.APPROACHES: 0.5 / LOSS.curvature,
    Regime.LANDS: 1 / LOSS.curvature,
    Regime.OVERSHOOTS: 1.6 / LOSS.curvature,
    Regime.BOUNCES: 2 / LOSS.curvature,
    Regime.DIVERGES: 2.2 / LOSS.curvature,
}


def same(actual, expected):
    """Assert equality up to rounding, and exact zeros."""
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=0)


def check_walk(demo):
    """Compare a live walk with the same walk computed by `gdbook`."""
    start, step_size, steps = demo.signal("start", "step_size", "steps")
    slope, loss, gradient, live, verdict = demo.signal(
        "slope", "loss", "gradient", "walk", "verdict"
    )
    walk = descend(LOSS, start, step_size=step_size, n_steps=len(live) - 1)
    same(live, walk.parameters)
    same(slope, walk.parameters[steps])
    same(loss, walk.losses[steps])
    same(gradient, walk.gradients[steps])
    assert verdict == regime(step_size, LOSS.curvature)


def expected(demo, settings):
    """Compute the values of a demo's signals for settings of its inputs.

    Parameters
    ----------
    demo : Demo
        A live demo on the book's own data.
    settings : dict of str to array
        The values of each input, one for each setting.

    Returns
    -------
    dict of str to array
        The values of each signal that is known, one for each setting.
    """
    if demo.has("walk", "start", "step_size", "verdict"):
        walk = descend(
            LOSS, settings["start"], step_size=settings["step_size"], n_steps=demo.n_steps
        )
        rows = settings["steps"], np.arange(len(settings["steps"]))
        return {
            "slope": walk.parameters[rows],
            "loss": walk.losses[rows],
            "gradient": walk.gradients[rows],
            "verdict": [regime(size, LOSS.curvature) for size in settings["step_size"]],
        }
    if {"slope", "intercept"} <= settings.keys():
        return {
            "loss": LINE_LOSS.value(np.column_stack([settings["slope"], settings["intercept"]]))
        }
    if "slope" in settings:
        return {"loss": LOSS.value(settings["slope"])}
    pytest.fail(f"tests/oracle.py does not know what {demo.name!r} computes: add it there")
