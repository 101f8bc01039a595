"""Choose which points to draw if there are too many to draw all."""

import numpy as np

from gdbook.data import Points

#: The most points, and squares or curves of points, that a chart draws: more would merge.
MOST_POINTS = 500
MOST_SQUARES = 40

_SEED = 1929


def sample(points: Points, most: int = MOST_POINTS) -> Points:
    """Pick the points to draw: all, or a random sample and the extremes.

    The sample is always the same, in the order of the data.
    """
    if len(points) <= most:
        return points
    extremes = {
        int(pick(column)) for pick in (np.argmin, np.argmax) for column in (points.x, points.y)
    }
    others = np.delete(np.arange(len(points)), list(extremes))
    random = np.random.default_rng(_SEED)
    picked = random.choice(others, most - len(extremes), replace=False)
    kept = np.sort([*extremes, *picked])
    return Points(points.x[kept], points.y[kept], points.x_name, points.y_name)


def sample_note(points: Points, *, few: str = "") -> str:
    """Say that not all points are drawn; empty if they are.

    `few` names what is drawn for even fewer points, such as "squares".
    """
    n = len(points)
    drawn = [
        f"{most} of {n:,} {what}"
        for most, what in [(MOST_POINTS, "points"), (MOST_SQUARES, few)]
        if n > most and what
    ]
    if not drawn:
        return ""
    return f"{' and '.join(drawn)} are drawn; the loss counts all of them."
