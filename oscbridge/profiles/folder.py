"""Where profiles lie, what they are called, and what each says about itself.

Conventions
-----------
A profile is a folder of its own (`oscbridge.profiles.journal`) among the user's data, called as it
is; the environment variable `FOLDER` names another place. What was taught was taught about the
answers of one model, the `Base`: a profile belongs to it.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import NamedTuple

import msgspec

from models import catalogue
from models.personal_features import FEATURES
from models.weights import WeightsError
from oscbridge.errors import SettingsError, unknown_name
from oscbridge.profiles.journal import STATE, DamagedError, Log, read_log, read_state
from oscbridge.profiles.lessons import Given
from oscbridge.profiles.taught import Course, Taught

FOLDER = "OSCBRIDGE_PROFILES"
FORMAT = 1
NAME = r"^(?!\.)[\w .-]{1,64}(?<![. ])\Z"
DESCRIPTION = hashlib.sha256(" ".join(FEATURES).encode()).hexdigest()[:8]
"""Says which features are meant."""


class Base(msgspec.Struct, frozen=True):
    """A model, by its name and the hash of its weights, and how it describes sound."""

    model: str
    digest: str
    features: str = DESCRIPTION

    def __str__(self) -> str:
        return f"{self.model!r} ({self.digest or 'unknown'})"


class Kept(msgspec.Struct, frozen=True):
    """The state of a profile as it is kept."""

    base: Base
    taught: Taught
    format: int = FORMAT


class Looked(NamedTuple):
    """A profile as somebody finds it who only looks; ``trouble`` is a sentence, or empty."""

    base: Base
    course: Course
    trouble: str = ""


def folder() -> Path:
    """Where profiles lie, or would lie."""
    said = os.environ.get(FOLDER)
    return Path(said) if said else catalogue.data_folder() / "profiles"


def names() -> list[str]:
    """Names of the profiles that there are."""
    return sorted(path.parent.name for path in folder().glob(f"*/{STATE}"))


def path_of(name: str) -> Path:
    """Folder of a profile. Raises `SettingsError` where none can be called so."""
    if not re.match(NAME, name):
        raise SettingsError(
            f"no profile can be called {name!r}: it is the name of a folder; use letters, digits, "
            "spaces, '-' and '_'."
        )
    return folder() / name


def base_of(model: str) -> Base:
    """A model as a base; one that is not there has no digest."""
    try:
        return Base(model, str(catalogue.find(model).card.get("sha256", ""))[:12])
    except (KeyError, WeightsError):
        return Base(model, "")


def decode_kept(content: bytes, name: str) -> Kept:
    """Read the state of profile ``name``. Raises `SettingsError` where it is none of ours."""
    try:
        kept = msgspec.json.decode(content, type=Kept)
    except (msgspec.MsgspecError, ValueError) as error:
        raise SettingsError(f"the profile {name!r} cannot be read: {error}") from None
    if kept.format != FORMAT:
        raise SettingsError(
            f"the profile {name!r} has format {kept.format}, this version reads {FORMAT}: install "
            "a newer oscbridge."
        )
    return kept


def look_into(name: str) -> Looked:
    """Read a profile, whoever else may hold it; nothing is repaired.

    Raises
    ------
    SettingsError
        There is none, or it cannot be read.
    """
    path = path_of(name)
    try:
        number, content = read_state(path)
        contents, log = read_log(path)
    except (OSError, DamagedError) as error:
        raise SettingsError(f"the profile {name!r} cannot be read: {error}.") from None
    if content is None:
        raise unknown_name("profile", name, names())
    kept = decode_kept(content, name)
    course = Course(kept.taught)
    replay(course, [content for n, content in contents if n > number], name)
    return Looked(kept.base, course, _trouble_of(log))


def _trouble_of(log: Log) -> str:
    if log.damaged:
        return (
            f"{log.damaged} of what was taught cannot be read and is left out; the next run that "
            "uses the profile repairs it and keeps the file as it is"
        )
    if not log.is_sound:
        return "the last thing that was taught is not complete on the disk and is left out"
    return ""


def replay(course: Course, contents: list[bytes], name: str) -> None:
    """Give all lessons of a log once more. Raises `SettingsError` where one is none of ours."""
    decode = msgspec.json.Decoder(Given).decode
    try:
        course.take(*map(decode, contents))
    except (msgspec.MsgspecError, ValueError) as error:
        raise SettingsError(
            f"the profile {name!r} holds a lesson that this version does not know ({error}): "
            "install a newer oscbridge."
        ) from None
