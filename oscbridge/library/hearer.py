"""Which model listens, as tracks name who heard them: ``name@`` and the first digits of its file's
digest. What two models say of a track cannot be compared.
"""

from __future__ import annotations

from models import catalogue

DIGITS = 12


def hearer_of(model: str) -> str:
    """A model as tracks name it.

    Raises
    ------
    SettingsError
        There is none of this name.
    """
    return f"{model}@{str(catalogue.find(model).card.get('sha256', ''))[:DIGITS]}"
