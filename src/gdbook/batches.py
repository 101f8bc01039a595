"""Batches: some of the points, drawn at random for each step."""

import numpy as np
from numpy.typing import NDArray

from gdbook.checks import as_whole


def batches(n_points: int, *, batch: int, n_steps: int, seed: int) -> NDArray[np.int64]:
    """Draw the points that each step of a walk looks at.

    Every step draws anew from all points, and never the same point twice: a batch of all points
    gives plain gradient descent. (Libraries often deal out a shuffled list instead, so that every
    point has its turn before the first one comes back.)

    Parameters
    ----------
    n_points : int
        How many points there are.
    batch : int
        How many of them a step looks at, from 1 to `n_points`.
    n_steps : int
        How many steps the walk takes, 0 or more.
    seed : int
        Zero or above. The same seed gives the same points.

    Returns
    -------
    array of int, shape (n_steps, batch)
        The positions of the points, counted from 0; in each row in ascending order. Each set of
        points is as likely as any other.

    Raises
    ------
    ValueError
        If a number is not whole or too small, or a batch larger than all points.

    References
    ----------
    Bentley, J., Floyd, B., "Programming pearls: a sample of brilliance", Communications of the ACM
    30 (9), 754-757, 1987, doi:10.1145/30401.315746.

    Examples
    --------
    >>> batches(24, batch=4, n_steps=3, seed=1)
    array([[ 7,  9, 18, 20],
           [ 0, 10, 20, 21],
           [ 3,  5, 10, 15]])
    """
    n_points = as_whole("n_points", n_points, 1)
    batch = as_whole("batch", batch, 1)
    n_steps = as_whole("n_steps", n_steps, 0)
    seed = as_whole("seed", seed, 0)
    if batch > n_points:
        raise ValueError(f"batch must be at most the number of points, {n_points}, got {batch}")
    random = np.random.default_rng(seed)
    chosen = np.empty((n_steps, batch), dtype=np.int64)
    # Floyd's algorithm, for all steps at once: it needs no list of all the points.
    for i, last in enumerate(range(n_points - batch, n_points)):
        drawn = random.integers(last + 1, size=n_steps)
        taken = (chosen[:, :i] == drawn[:, np.newaxis]).any(axis=1)
        chosen[:, i] = np.where(taken, last, drawn)
    return np.sort(chosen, axis=1)
