"""The networks of the music model for many streams at once, on a GPU or with torch on a processor.

Conventions
-----------
`Judge.judge` takes records (`models.tape`) and gives the states that `models.music` would have
said, within 1e-4: the same weights, rounded to halves as there, products in full single precision
(no TF32), but other orders of sums. What comes before the networks stays what it is, and is most of
the work: decoding, features, boundaries.

All runs of all records are sequences of their own. They are sorted by length and advance together
in chunks of `CHUNK` rows, the hidden values carried on.

torch is an extra, and never imported by what runs live.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dsp.features import FeatureSettings, build_layout
from models.frontend import Statistics
from models.music import say
from models.peakiness import PeakSummary
from models.personal_features import Description
from models.pools import Pooling, pool_spans
from models.readers import KINDS
from models.route import STEEPEST
from models.summary import Summary
from models.tape import NOTHING
from models.votes import EXPERTS, LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.tape import Record
    from models.types import AffectState
    from models.weights import Weights

CHUNK = 512
"""Rows, 171 ms each, that all runs advance at a time."""
_HALVES = ("w", "w_z", "w_h", *(f"{kind}_w" for kind in KINDS))


class _Run(NamedTuple):
    """A run with its rows and what readers look at: where they stand among all."""

    first: int
    rows: np.ndarray
    summaries: np.ndarray
    peaks: np.ndarray


def find_device() -> str:
    """The GPU that torch can use, as it calls it; empty where there is none, or no torch."""
    try:
        import torch
    except ImportError:
        return ""
    return "cuda" if torch.cuda.is_available() else ""


class Judge:
    """Networks, readers and route of a music model, on a device.

    Parameters
    ----------
    weights : Weights
        As `models.music.MusicModel` takes them.
    device : str
        As torch calls it: ``"cuda"``, ``"cpu"``.
    """

    def __init__(self, weights: Weights, device: str) -> None:
        import torch

        self._torch: Any = torch
        self._device = device
        arrays = {name: array.astype(np.float32) for name, array in weights.arrays.items()}
        for name in _HALVES:
            if name in arrays:
                arrays[name] = arrays[name].astype(np.float16).astype(np.float32)
        self._arrays = {name: torch.from_numpy(a).to(device) for name, a in arrays.items()}
        networks = len(arrays["w"])
        self._experts = arrays.get("expert", np.zeros(networks)).astype(int).tolist()
        self._readers = {
            kind: arrays.get(f"{kind}_expert", np.zeros(0)).astype(int).tolist() for kind in KINDS
        }
        self._recurrent = [self._build_recurrent(k) for k in range(networks)]
        pooling = Pooling(build_layout(FeatureSettings()))
        row_s = pooling.delay / FeatureSettings().sample_rate
        self._statistics = Statistics(pooling.width, row_s)
        self._summary = Summary(self._statistics.width, self._statistics.texture, row_s)
        self._peaks = PeakSummary(pool_spans()["peakiness"], row_s)
        self._description = Description(self._summary.width)

    def judge(self, records: Sequence[Record]) -> list[list[AffectState]]:
        """States of each record, one for each of its answers."""
        runs = [list(self._runs(record)) for record in records]
        numbered = [(t, run) for t, those in enumerate(runs) for run in those]
        numbered.sort(key=lambda one: len(one[1].rows), reverse=True)
        logits = [np.zeros((len(record.pools), 2), np.float32) for record in records]
        for (t, run), said in zip(numbered, self._logits([r for _, r in numbered]), strict=True):
            logits[t][run.first : run.first + len(said)] = said
        return [
            list(self._states(record, those, said))
            for record, those, said in zip(records, runs, logits, strict=True)
        ]

    def _runs(self, record: Record) -> Iterator[_Run]:
        """Rows and summaries of each run of a record."""
        for first, last in zip(record.runs, [*record.runs[1:], len(record.pools)], strict=True):
            if first == last:
                continue
            self._statistics.reset()
            self._summary.reset()
            self._peaks.reset()
            rows = np.zeros((last - first, self._statistics.width), np.float32)
            summaries = np.zeros((last - first, self._summary.width), np.float32)
            peaks = np.zeros((last - first, self._peaks.width), np.float32)
            pools = np.stack(record.pools[first:last])
            self._statistics.push_all(pools, rows)
            self._summary.push_all(rows, summaries)
            self._peaks.push_all(pools, peaks)
            yield _Run(first, rows, summaries, peaks)

    def _states(
        self, record: Record, runs: Sequence[_Run], logits: np.ndarray
    ) -> Iterator[AffectState]:
        """What is to be said of a record."""
        features: list[tuple[float, ...]] = []
        for run in runs:
            features += [self._description.of(summary) for summary in run.summaries]
        silent = np.zeros(2, np.float32)
        for moment, pool in record.answers:
            known = pool != NOTHING
            yield say(moment, logits[pool] if known else silent, features[pool] if known else ())

    def _logits(self, runs: Sequence[_Run]) -> list[np.ndarray]:
        """Logits of runs, the longest first; shape=(rows, 2) each."""
        torch = self._torch
        said = [np.zeros((len(run.rows), 2), np.float32) for run in runs]
        hidden: list[Any] = [None] * len(self._recurrent)
        with torch.inference_mode(), torch.backends.cudnn.flags(allow_tf32=False):
            for start in range(0, len(said[0]) if said else 0, CHUNK):
                going = [run for run in runs if len(run.rows) > start]
                chunk = slice(start, start + CHUNK)
                rows, summaries, peaks = (
                    self._gathered(parts)
                    for parts in zip(
                        *(
                            (run.rows[chunk], run.summaries[chunk], run.peaks[chunk])
                            for run in going
                        ),
                        strict=True,
                    )
                )
                hidden = [None if h is None else h[:, : len(going)].contiguous() for h in hidden]
                logits = self._asked(rows, (summaries, peaks), hidden).cpu().numpy()
                for one, answered in zip(said, logits, strict=False):
                    part = one[chunk]
                    part[:] = answered[: len(part)]
        return said

    def _gathered(self, parts: Sequence[np.ndarray]) -> Any:
        """Arrays of different lengths as one tensor, shape=(n, longest, width), zeros behind."""
        gathered = np.zeros((len(parts), len(parts[0]), parts[0].shape[1]), np.float32)
        for place, part in zip(gathered, parts, strict=True):
            place[: len(part)] = part
        return self._torch.from_numpy(gathered).to(self._device)

    def _asked(self, rows: Any, looked_at: tuple[Any, Any], hidden: list[Any]) -> Any:
        """Logits of rows, shape=(n, time, 2); ``hidden`` is advanced.

        ``looked_at``: what each kind of reader looks at.
        """
        torch, a = self._torch, self._arrays
        said = torch.zeros((*rows.shape[:2], EXPERTS, 2), device=self._device)
        for k, expert in enumerate(self._experts):
            x = ((rows - a["mean"][k]) * a["scale"][k]).clamp(-LIMIT, LIMIT)
            z = torch.tanh(x @ a["w"][k].T + a["b"][k])
            followed, hidden[k] = self._recurrent[k](z, hidden[k])
            vote = torch.cat((z, followed), dim=2) @ a["v"][k].T + a["c"][k]
            said[:, :, expert] += vote / self._experts.count(expert)
        for (kind, experts), seen in zip(self._readers.items(), looked_at, strict=True):
            for k, expert in enumerate(experts):
                x = (seen - a[f"{kind}_mean"][k]) * a[f"{kind}_scale"][k]
                z = torch.relu(x.clamp(-LIMIT, LIMIT) @ a[f"{kind}_w"][k].T + a[f"{kind}_b"][k])
                reading = z @ a[f"{kind}_v"][k].T + a[f"{kind}_c"][k]
                said[:, :, expert] += reading / experts.count(expert)
        share = self._share(looked_at[0])
        return (1.0 - share) * said[:, :, 0] + share * said[:, :, 1]

    def _share(self, summaries: Any) -> Any:
        """How much expert 1 counts, shape=(n, time, 1)."""
        if 1 not in self._experts or "route" not in self._arrays:
            return self._torch.zeros((*summaries.shape[:2], 1), device=self._device)
        route = self._arrays["route"]
        line = summaries @ route[:-1, None] + route[-1]
        return self._torch.sigmoid(line.clamp(-STEEPEST, STEEPEST))

    def _build_recurrent(self, k: int) -> Any:
        """The recurrent layer of a network; PyTorch has the gates in the same order."""
        a = self._arrays
        size, width = a["w_h"].shape[2], a["w_z"].shape[2]
        layer = self._torch.nn.GRU(width, size, batch_first=True).to(self._device)
        with self._torch.no_grad():
            layer.weight_ih_l0.copy_(a["w_z"][k])
            layer.weight_hh_l0.copy_(a["w_h"][k])
            layer.bias_ih_l0.copy_(a["b_z"][k])
            layer.bias_hh_l0.copy_(a["b_h"][k])
        return layer
