"""Weight files: read without pickle, verified by hash, refused where the features do not fit.

Conventions
-----------
A model ``name`` has two files in one folder: ``name.npz`` (arrays only, see `models.archive`) and
``name.json``, its card (`models.cards`): what it is, what it was trained on, under which licence,
how right it is. What ties the two together is written by `write_weights` and checked by
`read_weights`: ``sha256`` of the array file, and under ``arrays`` dtype and shape of each array as
``float16 4x64x327``. ``layout`` and ``front_end`` say which features the model was trained on, and
the model refuses others (`Weights.require`).

Arrays may be stored in half precision; the model that runs them converts. Whatever is wrong with
the files is one sentence, a `WeightsError`, that names the model and says what to do.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np

from models import archive

FOLDER = Path(__file__).parent / "weights"
"""Where the shipped models lie."""
FORMAT = 2
"""What `write_weights` writes; format 1 did not state dtype and shape."""
MOST_BYTES = 256 << 20
"""No array file is larger."""
MOST_CARD_BYTES = 4 << 20
"""No card is larger."""


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

    def in_float32(self) -> dict[str, np.ndarray]:
        """The arrays, widened for computing."""
        return {key: array.astype(np.float32) for key, array in self.arrays.items()}

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
                f"version computes {computed!r}: install code and weights of one version, or "
                "train the model again"
            )

    def require_shapes(self, **dimensions: str) -> dict[str, int]:
        """Refuse arrays that do not fit together: compiled kernels do not look where they read.

        Parameters
        ----------
        dimensions
            For each array its dimensions, as ``w="n s r"``: letters are bound by where they stand
            alone, ``3h`` and ``s+h`` are worked out, numbers are themselves.

        Returns
        -------
        dict of str to int
            What each letter is.

        Raises
        ------
        WeightsError
            An array is missing, or a dimension is not what it must be.
        """
        sizes: dict[str, int] = {}
        for name, wanted in dimensions.items():
            found = self.arrays[name].shape if name in self.arrays else None
            if found is None or len(found) != len(wanted.split()):
                raise WeightsError(f"weights of model {self.name!r} are no such model's: {name}")
            for word, length in zip(wanted.split(), found, strict=True):
                if word.isalpha():
                    sizes.setdefault(word, length)
        for name, wanted in dimensions.items():
            expected = tuple(_length(word, sizes) for word in wanted.split())
            if self.arrays[name].shape != expected:
                raise WeightsError(
                    f"weights of model {self.name!r} do not fit together: {name} is "
                    f"{archive.describe(self.arrays[name])}, not {'x'.join(map(str, expected))}"
                )
        return sizes


def _length(word: str, sizes: dict[str, int]) -> int:
    """Work out a dimension such as ``3h``, ``s+h`` or ``2``; an unbound letter is -1."""
    total = 0
    for term in word.split("+"):
        digits = term.rstrip("abcdefghijklmnopqrstuvwxyz")
        letter = term[len(digits) :]
        total += int(digits or 1) * (sizes.get(letter, -1) if letter else 1)
    return total


def names(folder: Path = FOLDER) -> list[str]:
    """Names of all models whose weights lie in a folder; none where there is no folder."""
    return sorted(path.stem for path in folder.glob("*.npz") if not path.name.startswith("."))


def read_card_file(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Read the card of a model without its arrays.

    Raises
    ------
    WeightsError
        It is missing, no JSON object, or that of another model.
    """
    blob = _read(folder / f"{name}.json", MOST_CARD_BYTES, name)
    try:
        card: object = msgspec.json.decode(blob)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise WeightsError(f"the card of model {name!r} is no JSON: {error}") from None
    if not isinstance(card, dict):
        raise WeightsError(f"the card of model {name!r} is no JSON object")
    facts = cast("dict[str, Any]", card)
    if facts.get("name") != name:
        raise WeightsError(
            f"the card {name}.json is that of another model, {facts.get('name')!r}: a model and "
            "its two files have one name"
        )
    return facts


def read_weights(name: str, folder: Path = FOLDER) -> Weights:
    """Read and verify the weights of a model.

    Raises
    ------
    WeightsError
        A file is missing, truncated, changed, swapped or foreign, or a value is not finite.
    """
    card = read_card_file(name, folder)
    blob = _read(folder / f"{name}.npz", MOST_BYTES, name)
    found, said = hashlib.sha256(blob).hexdigest(), str(card.get("sha256"))
    again = "install oscbridge again" if folder == FOLDER else "train the model again"
    if found != said:
        raise WeightsError(
            f"weights of model {name!r} are damaged: SHA-256 is {found[:12]}…, its card says "
            f"{said[:12]}…; {again}"
        )
    try:
        arrays = archive.unpack(blob)
    except archive.ArchiveError as error:
        raise WeightsError(f"weights of model {name!r} are not ours: {error}") from None
    _check_arrays(name, arrays, card)
    return Weights(name, arrays, card)


def write_weights(
    name: str, arrays: dict[str, np.ndarray], card: dict[str, Any], folder: Path = FOLDER
) -> None:
    """Write arrays and card; the card receives what ties it to the arrays.

    Neither file is ever there in part: each is written beside its place and moved there.

    Parameters
    ----------
    name : str
        Of the model and of both files.
    arrays : dict of str to np.ndarray
        Plain numbers of any shape, half precision allowed.
    card : dict
        As `models.cards.build_card` makes it; a shorter one will do for weights that are not
        shipped, such as those of folds.
    folder : Path
        Made if it is not there.

    Raises
    ------
    ArchiveError
        An array holds something else than plain numbers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    blob = archive.pack(arrays)
    tie = {
        "format": FORMAT,
        "name": name,
        "sha256": hashlib.sha256(blob).hexdigest(),
        "parameters": sum(array.size for array in arrays.values()),
        "arrays": {key: archive.describe(np.asarray(array)) for key, array in arrays.items()},
    }
    text = json.dumps({**tie, **card, **tie}, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / f"{name}.npz", blob)
    write_whole(folder / f"{name}.json", text.encode())


def write_whole(path: Path, blob: bytes) -> None:
    """Write a file that is there as a whole or not at all, even if the process is killed."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as stream:
        stream.write(blob)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)


def _read(path: Path, limit: int, name: str) -> bytes:
    """Read a plain file of at most ``limit`` bytes."""
    try:
        if path.exists() and not path.is_file():
            raise WeightsError(f"weights of model {name!r} cannot be read: {path} is no file")
        with path.open("rb") as stream:
            blob = stream.read(limit + 1)
    except OSError as error:
        raise WeightsError(f"weights of model {name!r} cannot be read: {error}") from None
    if len(blob) > limit:
        raise WeightsError(
            f"weights of model {name!r} are not ours: {path.name} is larger than {limit >> 20} MiB"
        )
    return blob


def _check_arrays(name: str, arrays: dict[str, np.ndarray], card: dict[str, Any]) -> None:
    """Refuse a format that we do not know, arrays that the card does not state, and NaN."""
    version = card.get("format", 1)
    if version not in (1, FORMAT):
        raise WeightsError(
            f"weights of model {name!r} have format {version!r}, this version reads {FORMAT}: "
            "install a newer oscbridge"
        )
    found = {key: archive.describe(array) for key, array in arrays.items()}
    if version == FORMAT and found != card.get("arrays"):
        said: object = card.get("arrays")
        stated = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
        wrong = sorted(k for k in {*stated, *found} if stated.get(k) != found.get(k))
        raise WeightsError(
            f"weights of model {name!r} do not fit their card: it states other dimensions of "
            f"{', '.join(wrong) or 'the arrays'}"
        )
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise WeightsError(f"weights of model {name!r} hold values that are not finite")
