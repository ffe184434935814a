"""Descent: the steps of a fit whose learning rate rises, then falls to zero along a cosine.

Conventions
-----------
AdamW (I. Loshchilov & F. Hutter, Decoupled weight decay regularization, ICLR 2019) under the policy
of one cycle (L. Smith & N. Topin, Super-convergence, 2018), both as torch has them. The number of
steps is known before the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import nn


class Descent:
    """Fits a network, one loss after another.

    Parameters
    ----------
    network : nn.Module
    steps : int
        How many steps there will be.
    learning_rate : float
        The highest.
    weight_decay : float
    rise : float
        Share of the steps in which the learning rate rises.
    longest : float or None
        Gradients are shortened to this norm, all parameters together; None leaves them.
    """

    def __init__(
        self,
        network: nn.Module,
        steps: int,
        learning_rate: float,
        weight_decay: float,
        rise: float = 0.15,
        longest: float | None = None,
    ) -> None:
        self._network = network
        self._longest = longest
        self._optimiser = torch.optim.AdamW(
            network.parameters(), lr=learning_rate, weight_decay=weight_decay
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser, learning_rate, total_steps=steps, pct_start=rise
        )

    def step(self, loss: torch.Tensor) -> None:
        """Move the parameters down the gradient of a loss, shape=()."""
        self._optimiser.zero_grad()
        loss.backward()
        if self._longest is not None:
            torch.nn.utils.clip_grad_norm_(self._network.parameters(), self._longest)
        self._optimiser.step()
        self._schedule.step()
