"""Lyrics that are given with a file: read once, told to a model that can read.

Conventions
-----------
Plain text in UTF-8, one line a line of the song. Only models with ``read_lyrics`` can use them
(`models.zoo.cnn_svm`); what the words count beside the music is the model's affair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from oscbridge.errors import InputError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.base import AffectModel

LARGEST_BYTES = 2**20
"""A larger file holds no song."""


@runtime_checkable
class LyricsModel(Protocol):
    """A model that also hears with the words of the song."""

    def read_lyrics(self, text: str) -> None:
        """Let what a text says join every answer from now on."""
        ...


def load_lyrics(path: Path) -> Callable[[AffectModel], AffectModel]:
    """Read a file of lyrics; return what tells them to a model (`Analyzer`'s ``accompany``).

    Raises
    ------
    InputError
        The file cannot be read, or holds no text.
    SettingsError
        When the model is told: it does not read.
    """
    try:
        with path.open("rb") as stream:
            blob = stream.read(LARGEST_BYTES + 1)
        text = blob.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"lyrics {str(path)!r} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"lyrics {str(path)!r} are no text in UTF-8.") from None
    if len(blob) > LARGEST_BYTES or not text.strip():
        trouble = "are too long for a song" if text.strip() else "are empty"
        raise InputError(f"lyrics {str(path)!r} {trouble}.")

    def tell(model: AffectModel) -> AffectModel:
        """Let a model that can read have the words."""
        if not isinstance(model, LyricsModel):
            raise SettingsError(
                f"--lyrics: the model {model.name!r} does not read; --model cnn_svm does."
            )
        model.read_lyrics(text)
        return model

    return tell
