"""Profiles as they are opened for a run, and carried over to another model.

Conventions
-----------
The profile `oscbridge.profiles.settings.DEFAULT` is there for everybody who names none: where it
cannot be used, a run goes on without keeping anything and says why. One that somebody names has to
be usable.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from oscbridge.errors import OscbridgeError, SettingsError
from oscbridge.profiles.folder import Base, Kept, decode_kept, look_into, path_of, replay
from oscbridge.profiles.journal import STATE, DamagedError, Journal
from oscbridge.profiles.keeping import Keeper
from oscbridge.profiles.lock import HeldError
from oscbridge.profiles.taught import Course, LabelTaught, Taught

if TYPE_CHECKING:
    from models.personal_lessons import Saying

HALF = 0.5
"""What a correction counts of which only the difference is known: its base was another one."""


class InUseError(SettingsError):
    """Another oscbridge holds the profile."""


class Opened(NamedTuple):
    """A profile that is open: who keeps it, what was taught, and what people should know."""

    keeper: Keeper
    course: Course
    news: str = ""


def open_kept(name: str, base: Base, *, required: bool) -> Opened:
    """Open a profile for a run; one that is not there yet is made with the first lesson.

    Parameters
    ----------
    name : str
        Its name; empty for one that is kept nowhere.
    base : Base
        The model of the run.
    required : bool
        Whether somebody named it: then what is wrong with it is an error.

    Raises
    ------
    SettingsError
        It is held by another process, belongs to another model or cannot be read, and is required;
        or no profile can be called so.
    """
    if not name or not (path_of(name) / STATE).is_file():
        return Opened(Keeper(name, base), Course(Taught()))
    try:
        journal, owner, course = _read(name)
    except OscbridgeError as error:
        if required:
            raise
        return _without(name, base, error)
    try:
        if owner != base:
            _adopt(name, journal, course.now, owner, base)
    except OscbridgeError as error:
        journal.close()
        if required:
            raise
        return _without(name, base, error)
    news = f"profile {name}: {journal.repaired}" if journal.repaired else ""
    return Opened(Keeper(name, base, journal), course, news)


def open_for_change(name: str, otherwise: Base) -> Opened:
    """Open a profile to change what needs no music, whatever model it belongs to.

    Parameters
    ----------
    name : str
        Its name.
    otherwise : Base
        Whom it belongs to if it is not there yet.

    Raises
    ------
    InUseError
        Another process holds it.
    SettingsError
        It cannot be read.
    """
    if not (path_of(name) / STATE).is_file():
        return Opened(Keeper(name, otherwise), Course(Taught()))
    journal, owner, course = _read(name)
    return Opened(Keeper(name, owner, journal), course, journal.repaired)


def look_for(name: str, *bases: Base) -> Opened:
    """Read a profile for use with models without holding it: nothing can be taught.

    Raises
    ------
    SettingsError
        There is none, it cannot be read, or it belongs to another model than one of ``bases``.
    """
    owner, course, trouble = look_into(name)
    for base in bases:
        if owner != base:
            _refuse_strange(name, course.now, owner, base)
    keeper = Keeper("", owner)
    return Opened(keeper, course, f"profile {name}: {trouble}" if trouble else "")


def migrate(name: str, base: Base) -> str:
    """Carry a profile over to another model; return what was done, a sentence.

    Labels stay where they are. Of a correction only how far it was from what the old model said is
    known, so it counts half.

    Raises
    ------
    SettingsError
        It is not there, is in use, or cannot be read or written.
    """
    journal, owner, course = _read(name)
    try:
        if owner == base:
            return f"the profile {name!r} belongs to {base} already"
        journal.settle(msgspec.json.encode(Kept(base, _carried(course, owner, base))))
    except OSError as error:
        raise SettingsError(f"the profile {name!r} cannot be written: {error}.") from None
    finally:
        journal.close()
    return f"the profile {name!r} belongs to {base} now, no longer to {owner}"


def _without(name: str, base: Base, error: OscbridgeError) -> Opened:
    """Go on with nothing taught, and nothing kept."""
    return Opened(Keeper(name, base, trouble=str(error)), Course(Taught()), str(error))


def _read(name: str) -> tuple[Journal, Base, Course]:
    try:
        journal = Journal(path_of(name))
    except HeldError as error:
        raise InUseError(
            f"the profile {name!r} is in use by another oscbridge (process {error.holder}), which "
            "alone can keep what is taught. End that one, or name another with --profile."
        ) from None
    except (OSError, DamagedError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise SettingsError(f"the profile {name!r} cannot be opened: {why}.") from None
    try:
        kept = decode_kept(journal.state or b"", name)
        course = Course(kept.taught)
        replay(course, journal.records, name)
    except BaseException:
        journal.close()
        raise
    return journal, kept.base, course


def _adopt(name: str, journal: Journal, taught: Taught, owner: Base, base: Base) -> None:
    """Take over a profile in which nothing was said about answers; refuse any other."""
    _refuse_strange(name, taught, owner, base)
    try:
        journal.settle(msgspec.json.encode(Kept(base, taught)))
    except OSError as error:
        raise SettingsError(f"the profile {name!r} cannot be written: {error}.") from None


def _refuse_strange(name: str, taught: Taught, owner: Base, base: Base) -> None:
    """Refuse a profile in which something was said about another model's answers."""
    if taught.sayings or any(label.examples for label in taught.labels):
        raise SettingsError(
            f"the profile {name!r} was taught with the model {owner}, and this is {base}, which "
            f"says other things of the same music. Carry it over with  oscbridge labels migrate "
            f"{name}  or begin another one with --profile."
        )


def _carried(course: Course, owner: Base, base: Base) -> Taught:
    """What can be said of another model's answers."""
    labels = tuple(
        LabelTaught(
            place.number,
            place.slug,
            place.name,
            (place.valence, place.arousal, place.valence_radius, place.arousal_radius),
        )
        for place in course.places()
    )
    alike = owner.features == base.features
    sayings = tuple(_halved(saying, described=alike) for saying in course.now.sayings)
    return msgspec.structs.replace(course.now, labels=labels, sayings=sayings)


def _halved(saying: Saying, *, described: bool) -> Saying:
    correction = saying.correction
    heard = correction.heard if described else correction.heard._replace(features=())
    return replace(saying, correction=replace(correction, heard=heard, gain=HALF * correction.gain))
