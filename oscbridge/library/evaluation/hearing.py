"""What is heard of labelled files: from the library what it knows, the rest is listened to now.

Conventions
-----------
The library speaks for a file that has not changed and was heard by the very model that is judged.
Nothing is kept of what is listened to: who evaluates often adds the folder to the library first,
which takes all cores and can be interrupted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.labelled.files import Bad
from oscbridge.analyzer import Analyzer
from oscbridge.errors import InputError
from oscbridge.library.listener import Listener
from oscbridge.library.tags import names_of
from oscbridge.library.track import Track

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from models.labelled.files import Labelled
    from oscbridge.library.store import Library

SAMPLE_RATE = 48_000
"""Of the analyzer that is asked who it is."""


def identity_of(model: str) -> str:
    """``name@digest`` of a model, as tracks name who heard them.

    Raises
    ------
    SettingsError
        The model is unknown.
    """
    analyzer = Analyzer(SAMPLE_RATE, model=model)
    return f"{analyzer.model_name}@{analyzer.model_digest}"


def hear(
    files: Sequence[Labelled],
    library: Library | None,
    model: str,
    on_progress: Callable[[float], None],
) -> Iterator[tuple[Labelled, Track] | Bad]:
    """Yield the track of each file, or why there is none.

    Parameters
    ----------
    files : sequence of Labelled
    library : Library or None
    model : str
        Name of the model.
    on_progress : callable
        Gets how many files are done, in part too.

    Raises
    ------
    LibraryError
        The library cannot be read.
    SettingsError
        The model is unknown.
    """
    listener, identity = Listener(model), identity_of(model)
    for number, file in enumerate(files):
        track = _known(library, file, identity) if library is not None else None
        if track is None:
            try:
                track = _listen(
                    listener, file, lambda share, done=number: on_progress(done + share)
                )
            except InputError as error:
                yield Bad(file.name, str(error))
                continue
        on_progress(number + 1.0)
        yield file, track


def _known(library: Library, file: Labelled, identity: str) -> Track | None:
    """What the library knows of a file, if that is of today."""
    path = file.path.absolute()
    try:
        stat = path.stat()
    except OSError:
        return None  # listening says it in words
    seen = library.known(str(path), stat.st_size, stat.st_mtime_ns)
    track = library.track(seen.digest) if seen is not None and seen.digest else None
    return track if track is not None and track.sound.model == identity else None


def _listen(listener: Listener, file: Labelled, on_share: Callable[[float], None]) -> Track:
    """Listen to a file.

    Raises
    ------
    InputError
        It cannot be read or is too short.
    """
    path = str(file.path)
    heard = listener.listen(
        path, lambda done_s, all_s: on_share(min(done_s / max(all_s, 1.0), 1.0))
    )
    return Track("", path, names_of(path), heard.sound)
