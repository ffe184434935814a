"""The run-time models that exist, found by what lies in two folders: nothing to register.

Conventions
-----------
A model is a module ``models/<module>.py`` or ``models/zoo/<module>.py`` with ``load(weights=None)``
and weights ``<name>.npz`` with their card, which names the module and says what kind of model it is
(`models.cards.Kind`). Shipped weights lie in the package, those that users trained in a folder of
their own: `own_folder`. Own weights are run by the modules of shipped models and by no other code,
and they never take the name of a shipped model. Models of kind ``affect`` can be chosen to hear
music (`names`, `load`), those of kind ``notes`` to hear what is played on keys (`load_notes`);
`entries` knows all.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import weights
from models.cards import Card, CardError, read_card
from models.weights import FOLDER, WeightsError, read_card_file, read_weights

if TYPE_CHECKING:
    from models.base import AffectModel, NoteModel
    from models.cards import Kind
    from models.weights import Weights

DEFAULT = "music"
"""The model that hears unless another one is chosen."""
DEFAULT_NOTES = "symbolic"
"""The model that hears played notes unless another one is chosen."""
OWN_FOLDER = "OSCBRIDGE_MODELS"
"""Environment variable that names the user's own folder of models."""


def own_folder() -> Path:
    """Where the models that the user trained lie: `OWN_FOLDER`, or where this system keeps data."""
    if said := os.environ.get(OWN_FOLDER):
        return Path(said)
    return data_folder() / "models"


def data_folder() -> Path:
    """Where this system keeps what belongs to the user and to oscbridge."""
    home = Path.home()
    if sys.platform == "win32":
        data = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        data = home / "Library" / "Application Support"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data / "oscbridge"


@dataclass(frozen=True, slots=True)
class Entry:
    """One model that was found, readable or not.

    Attributes
    ----------
    name : str
        Name of its files.
    folder : Path
        Where they lie.
    own : bool
        Whether it is the user's.
    card : dict
        As it was read; empty where it cannot be.
    facts : Card or None
        The same, checked; None where it is no complete card.
    trouble : str
        Why it cannot be used as it is, empty where it can.
    """

    name: str
    folder: Path
    own: bool
    card: dict[str, Any]
    facts: Card | None
    trouble: str

    @property
    def kind(self) -> str:
        """What it says; cards of the first format were all of affect."""
        return str(self.card.get("kind", "affect"))

    @property
    def module(self) -> str:
        """The module that runs it."""
        return str(self.card.get("model", self.name))


def entries() -> list[Entry]:
    """All models: the default, the other shipped ones, the user's own; arrays are not read."""
    shipped = sorted(weights.names(), key=lambda name: (name != DEFAULT, name))
    found = [_look_at(name, FOLDER, own=False) for name in shipped]
    folder = own_folder()
    if not folder.is_dir() or folder.resolve() == FOLDER.resolve():
        return found
    return found + [_look_at(name, folder, own=True) for name in weights.names(folder)]


def names(kind: Kind = "affect") -> list[str]:
    """Names of the models of a kind: of affect, which `load` knows, or of notes (`load_notes`)."""
    return sorted({entry.name for entry in entries() if entry.kind == kind})


def find(name: str) -> Entry:
    """Find the model ``name`` of any kind.

    Raises
    ------
    KeyError
        There is none.
    """
    found = {entry.name: entry for entry in reversed(entries())}
    return found[name]


def load(name: str) -> AffectModel:
    """Load the model of affect ``name``.

    Raises
    ------
    KeyError
        No such model; `names` lists what exists.
    WeightsError
        Its files are damaged or made for other features, or two models have this name.
    """
    model: AffectModel = _load(name, "affect")
    return model


def load_notes(name: str = DEFAULT_NOTES) -> NoteModel:
    """Load the model of played notes ``name``.

    Raises
    ------
    KeyError
        No such model; ``names("notes")`` lists what exists.
    WeightsError
        Its files are damaged or made for other features, or two models have this name.
    """
    model: NoteModel = _load(name, "notes")
    return model


def _load(name: str, kind: Kind) -> Any:
    found = [entry for entry in entries() if entry.name == name and entry.kind == kind]
    if not found:
        raise KeyError(name)
    if len(found) > 1:
        raise WeightsError(
            f"there are two models {name!r}: your own in {found[1].folder} has the name of a "
            'shipped one; give its two files and the "name" in its card another'
        )
    entry = found[0]
    if not entry.card:
        raise WeightsError(entry.trouble)
    known = {other.module for other in entries() if not other.own and other.kind == kind}
    if entry.own and entry.module not in known:
        raise WeightsError(
            f"model {name!r} wants to be run by {entry.module!r}, which this version does not "
            f"have; it has {', '.join(sorted(known))}"
        )
    found_weights = read_weights(name, entry.folder)
    try:
        return _module(entry.module).load(found_weights)
    except WeightsError:
        raise
    except (LookupError, TypeError, ValueError) as error:
        if not entry.own:
            raise  # a mistake of ours, not of a file
        raise WeightsError(
            f"weights of model {name!r} are none that {entry.module!r} can run: {error}"
        ) from None


def load_weights(module: str, weights: Weights | None = None) -> AffectModel:
    """Load the model that ``module`` runs, with weights that are not the shipped ones."""
    model: AffectModel = _module(module).load(weights)
    return model


def _module(name: str) -> Any:
    """The module of a model: one of our own, or one of the zoo."""
    own = importlib.util.find_spec(f"models.{name}") is not None
    return importlib.import_module(f"models.{name}" if own else f"models.zoo.{name}")


def _look_at(name: str, folder: Path, *, own: bool) -> Entry:
    """Read the card of a model; what is wrong with it becomes its `Entry.trouble`."""
    try:
        card = read_card_file(name, folder)
    except WeightsError as error:
        return Entry(name, folder, own, {}, None, str(error))
    trouble = ""
    if own and (FOLDER / f"{name}.npz").is_file():
        trouble = "has the name of a shipped model"
    try:
        return Entry(name, folder, own, card, read_card(card), trouble)
    except CardError as error:
        return Entry(name, folder, own, card, None, trouble or str(error))
