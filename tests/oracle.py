"""What demos must compute from the values of their inputs, according to `gdbook` and NumPy."""

import numpy as np
import pytest

from gdbook import (
    LineMeanSquaredError,
    Regime,
    SlopeMeanSquaredError,
    WaveMeanSquaredError,
    descend,
    hubble_1929,
    regime,
    sea_temperature_2008,
)
from gdbook.charts.frame import Frame

POINTS = hubble_1929()
LOSS = SlopeMeanSquaredError.from_points(POINTS)
LINE_LOSS = LineMeanSquaredError.from_points(POINTS)
FRAME = Frame.from_points(POINTS, LOSS)

SEA = sea_temperature_2008()
WAVE = WaveMeanSquaredError.from_points(SEA)

#: A step size in the middle of each regime.
STEP_SIZES = {
    Regime.CRAWLS: 0.05 / LOSS.curvature,
    Regime.APPROACHES: 0.5 / LOSS.curvature,
    Regime.LANDS: 1 / LOSS.curvature,
    Regime.OVERSHOOTS: 1.6 / LOSS.curvature,
    Regime.BOUNCES: 2 / LOSS.curvature,
    Regime.DIVERGES: 2.2 / LOSS.curvature,
}


def same(actual, expected, atol=0):
    """Assert equality up to rounding, and exact zeros unless rounding errors can grow."""
    actual, expected, atol = np.broadcast_arrays(actual, expected, atol)
    with np.errstate(invalid="ignore"):
        off = ~(np.abs(actual - expected) <= atol)  # also where both are infinite
    np.testing.assert_allclose(actual[off], expected[off], rtol=1e-12, atol=0)


def check_walk(demo):
    """Compare a live walk with the same walk computed by `gdbook`."""
    if demo.has("period"):
        names = ("start", "step_size", "steps", "period", "loss", "gradient")
        values = dict(zip(names, demo.signal(*names), strict=True))
        settings = {name: np.array([values[name]]) for name in names[:3]}
        atol = tolerances(demo, settings)
        for name, [known] in expected(demo, settings).items():
            same(values[name], known, atol[name])
        return
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
    if demo.has("period"):
        walk = descend(
            WAVE, settings["start"], step_size=settings["step_size"], n_steps=demo.n_steps
        )
        rows = settings["steps"], np.arange(len(settings["steps"]))
        return {
            "period": walk.parameters[rows],
            "loss": walk.losses[rows],
            "gradient": walk.gradients[rows],
        }
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


def tolerances(demo, settings):
    """Compute how far signals may be from what `expected` returns: 0 where none is named.

    Between the valleys of a wave's loss, each step multiplies a rounding error by
    ``1 - step_size * curvature``. Where that grows without limit, the tolerance is infinite.
    """
    if not demo.has("period"):
        return {}
    walk = descend(WAVE, settings["start"], step_size=settings["step_size"], n_steps=demo.n_steps)
    error = np.zeros(len(settings["start"]))
    found = {name: np.empty(len(error)) for name in ("period", "loss", "gradient")}
    sizes = np.abs(np.multiply(WAVE.offsets, WAVE.coefficients)).sum()
    with np.errstate(all="ignore"):
        for k, (period, gradient) in enumerate(zip(walk.parameters, walk.gradients, strict=True)):
            h = 1e-5 * np.abs(period)
            curvature = (WAVE.gradient(period + h) - WAVE.gradient(period - h)) / (2 * h)
            turns = 1 + 2 * np.pi * WAVE.offsets[-1] / np.abs(period)
            sums = 3e-16 * turns * np.abs(WAVE.coefficients).sum()
            rounding = 3e-16 * turns * sizes * 2 * np.pi / period**2
            now = settings["steps"] == k
            found["period"][now] = error[now]
            found["loss"][now] = (np.abs(gradient) * error + sums)[now]
            found["gradient"][now] = (np.abs(curvature) * error + rounding)[now]
            error = np.abs(1 - settings["step_size"] * curvature) * error + (
                settings["step_size"] * rounding + 1e-15 * np.abs(period)
            )
            # Growth is known only near the walk.
            error[~(error < 1e-5)] = np.inf
    for name, values in found.items():
        values[~np.isfinite(values) | ~np.isfinite(found["period"])] = np.inf
        found[name] = 10 * values
    return found
