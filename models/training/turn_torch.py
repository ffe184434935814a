"""The torch twin of `models.turn_network`, to be trained.

Conventions
-----------
Medleys of one length side by side: descriptions, shape=(batch, n, WIDTH + 1), and for each instant
the first pool of the segment that it takes for the present one, shape=(batch, n). The windows are
differences of running sums, as at run time.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from models.turn_network import LEAST, LONG, SHORT, WIDTH

LAGS = (4, 8, 15, 24)
"""Pools between an instant and the opinion on it: 0.7, 1.4, 2.6 and 4.1 s."""
EMBEDDING, HIDDEN, HEAD = 32, 64, 32
"""Sizes of the layers."""


class Network(nn.Module):
    """The torch twin of `models.turn_network`."""

    def __init__(self, mean: np.ndarray, scale: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("mean", torch.as_tensor(mean, dtype=torch.float32))
        self.register_buffer("scale", torch.as_tensor(scale, dtype=torch.float32))
        self.inner = nn.Linear(WIDTH, HIDDEN)
        self.outer = nn.Linear(HIDDEN, EMBEDDING)
        self.raw_ridge = nn.Parameter(torch.zeros(EMBEDDING + 1))
        width = 4 * (EMBEDDING + 1) + 3
        self.heads = nn.ModuleList(nn.Linear(width, HEAD) for _ in LAGS)
        self.votes = nn.ModuleList(nn.Linear(HEAD, 1) for _ in LAGS)
        for vote in self.votes:
            nn.init.constant_(vote.bias, -3.0)

    @property
    def ridge(self) -> torch.Tensor:
        """Variance that each part of the embedding is granted."""
        return 0.1 * nn.functional.softplus(self.raw_ridge)

    def embed(self, x: torch.Tensor) -> torch.Tensor:
        """Embeddings, shape=(…, EMBEDDING + 1), of descriptions (…, WIDTH + 1)."""
        z = torch.clamp((x[..., :-1] - self.mean) * self.scale, -5.0, 5.0)
        z = torch.tanh(self.outer(torch.relu(self.inner(z))))
        return torch.cat([z, x[..., -1:]], -1)

    def forward(self, x: torch.Tensor, start: torch.Tensor) -> torch.Tensor:
        """Logits, shape=(batch, n, lags), NaN where there is no past.

        Parameters
        ----------
        x : torch.Tensor, shape=(batch, n, WIDTH + 1)
        start : torch.Tensor, shape=(batch, n), int64
            First pool of the segment that each instant takes for the present one.
        """
        e = self.embed(x)
        e = e - e.mean(1, keepdim=True).detach()  # sums of smaller numbers
        batch, n, width = e.shape
        sums = torch.cumsum(torch.cat([e, e * e], -1), 1)
        sums = torch.cat([torch.zeros(batch, 1, 2 * width), sums], 1)
        now = torch.arange(1, n + 1)[None]
        columns = []
        for r, head, vote in zip(LAGS, self.heads, self.votes, strict=True):
            middle = torch.cat([torch.zeros(batch, r - 1, 2 * width), sums[:, : n - r + 1]], 1)
            past = now - r - start
            known = past.clamp(min=1)
            long, short = known.clamp(max=LONG), known.clamp(max=max(r, SHORT))
            newest = _moments(sums[:, 1:] - middle, torch.full((1, n), r))
            far = _moments(middle - _at(sums, now - r - long), long)
            near = _moments(middle - _at(sums, now - r - short), short)
            f = self._compare(newest, far, near, r, long, short)
            logit = vote(torch.relu(head(f)))[..., 0]
            columns.append(torch.where(past >= LEAST, logit, torch.nan))
        return torch.stack(columns, -1)

    def _compare(self, newest, far, near, r, long, short) -> torch.Tensor:
        """Comparisons as in `models.turn_network`."""
        (m_r, v_r), (m_l, v_l), (m_s, v_s) = newest, far, near
        ridge = self.ridge
        n_l, n_s = long[..., None].float(), short[..., None].float()
        distance = (m_r - m_l) / torch.sqrt((v_r * r + v_l * n_l) / (r + n_l) + ridge)
        nearby = (m_r - m_s) / torch.sqrt((v_r * r + v_s * n_s) / (r + n_s) + ridge)
        past = torch.log(v_l + ridge)
        spread = torch.log(v_r + ridge) - past
        total = torch.sqrt(distance.pow(2).mean(-1, keepdim=True) + 1e-6)
        counts = (torch.log(n_l / 30.0), torch.log(n_s / 30.0))
        parts = (distance.abs(), nearby.abs(), spread.abs() / 2.0, past / 2.0, *counts, total)
        return torch.cat(parts, -1)

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights as the run-time kernels name them."""
        named = {
            "mean": self.mean,
            "scale": self.scale,
            "w_in": self.inner.weight,
            "b_in": self.inner.bias,
            "w_out": self.outer.weight,
            "b_out": self.outer.bias,
            "ridge": self.ridge,
            "w_head": torch.stack([head.weight for head in self.heads]),
            "b_head": torch.stack([head.bias for head in self.heads]),
            "v_head": torch.stack([vote.weight[0] for vote in self.votes]),
            "c_head": torch.stack([vote.bias[0] for vote in self.votes]),
        }
        arrays = {key: a.detach().numpy().astype(np.float32) for key, a in named.items()}
        return {**arrays, "lags": np.asarray(LAGS, np.int64)}


def _at(sums: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """Rows of running sums at instants, shape=(batch, n)."""
    batch, _, width = sums.shape
    index = index.clamp(min=0).expand(batch, -1)
    return torch.gather(sums, 1, index[..., None].expand(-1, -1, width))


def _moments(total: torch.Tensor, n: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and variance of windows from their sums."""
    mean, square = (total / n[..., None]).chunk(2, -1)
    return mean, (square - mean * mean).clamp(min=0.0)
