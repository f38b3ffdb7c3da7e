"""A conditional logit: among the rows of one group the right ones get the weight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def fit_logit(
    groups: Sequence[tuple[Matrix, NDArray[np.bool_]]], columns: int, strength: float
) -> Vector:
    """Weights, (columns,), of groups of rows with which of them are right, at least one of each; `strength`
    is that of the squared weights beside all groups.
    """

    def loss(w: Vector) -> tuple[float, Vector]:
        total, slope = strength * float(w @ w), 2 * strength * w
        for x, right in groups:
            z = x @ w
            every, chosen = softmax(z), softmax(np.where(right, z, -np.inf))
            total += float(logsumexp(z) - logsumexp(z[right]))
            slope = slope + x.T @ (every - chosen)
        return total, slope

    return np.asarray(minimize(loss, np.zeros(columns), jac=True, method="L-BFGS-B").x)
