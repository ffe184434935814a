"""Weight files: read without pickle, verified by hash, refused where the features do not fit.

Conventions
-----------
A model ``name`` has two files in ``models/weights``: ``name.npz`` (arrays only) and ``name.json``,
its card: what it is, what it was trained on, under which licence, how right it is, and the two
hashes that tie it together: ``sha256`` of the array file and ``layout``, the digest of the feature
layout (`dsp.layout.FeatureLayout.digest`) that it was trained on.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent / "weights"


class WeightsError(ValueError):
    """A weight file is missing, damaged, or made for other features."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Arrays of a model and its card.

    Attributes
    ----------
    name : str
        Model name.
    arrays : dict of str to np.ndarray
        Contiguous, in the dtype in which they were stored.
    card : dict
        The JSON card.
    """

    name: str
    arrays: dict[str, np.ndarray]
    card: dict[str, Any]

    @property
    def digest(self) -> str:
        """First 12 hex digits of the arrays' SHA-256."""
        return str(self.card["sha256"])[:12]

    def require(self, key: str, computed: str) -> None:
        """Refuse to run on other input than the model was trained on.

        Parameters
        ----------
        key : {"layout", "front_end"}
            Which fact of the card must hold.
        computed : str
            What this version of the code computes.

        Raises
        ------
        WeightsError
            The card says something else.
        """
        if self.card.get(key) != computed:
            raise WeightsError(
                f"model {self.name!r} was trained on {key} {self.card.get(key)!r}, but this "
                f"version computes {computed!r}: install code and weights of one version"
            )


def names() -> list[str]:
    """Names of all models whose weights are here."""
    return sorted(path.stem for path in FOLDER.glob("*.npz"))


def read_weights(name: str, folder: Path = FOLDER) -> Weights:
    """Read and verify the weights of a model.

    Raises
    ------
    WeightsError
        A file is missing, the hash does not match, or a value is not finite.
    """
    try:
        blob = (folder / f"{name}.npz").read_bytes()
        card = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"weights of model {name!r} cannot be read: {error}") from None
    found = hashlib.sha256(blob).hexdigest()
    if found != card.get("sha256"):
        raise WeightsError(
            f"weights of model {name!r} are damaged: SHA-256 is {found[:12]}…, its card says "
            f"{str(card.get('sha256'))[:12]}…; install oscbridge again"
        )
    with np.load(io.BytesIO(blob), allow_pickle=False) as stored:
        arrays = {key: np.ascontiguousarray(stored[key]) for key in stored.files}
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise WeightsError(f"weights of model {name!r} hold values that are not finite")
    return Weights(name, arrays, card)


def write_weights(
    name: str, arrays: dict[str, np.ndarray], card: dict[str, Any], folder: Path = FOLDER
) -> None:
    """Write arrays and card; the card receives the hash of the arrays."""
    folder.mkdir(parents=True, exist_ok=True)
    memory = io.BytesIO()
    np.savez(memory, allow_pickle=False, **arrays)
    blob = memory.getvalue()
    (folder / f"{name}.npz").write_bytes(blob)
    card = {"name": name, "sha256": hashlib.sha256(blob).hexdigest(), **card}
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
