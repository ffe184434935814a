"""The card of the model of played notes: what it learned from, what it is for, where it fails."""

from __future__ import annotations

from typing import Any

from models.cards import Data, build_card, training_cost
from models.symbolic import STEP_S, features_digest

_SOURCES = {
    "emopia": (
        "EMOPIA, Hung et al. 2021: piano, transcribed from recordings; one annotator a clip",
        "CC BY-NC-SA 4.0",
    ),
    "vgmidi": (
        "VGMIDI, Ferreira & Whitehead 2019: piano arrangements of game music, about 30 listeners",
        "no licence file: research only",
    ),
}


def build_note_card(
    figures: dict[str, Any], sizes: dict[str, int], took_s: float, own: dict[str, Any]
) -> dict[str, Any]:
    """Build the card.

    Parameters
    ----------
    figures : dict
        Of `models.training.note_figures.examine`.
    sizes : dict of str to int
        Pieces of each corpus.
    took_s : float
        What fitting the shipped weights took, seconds.
    own : dict
        Recipe and fixture.
    """
    return build_card(
        kind="notes",
        model="symbolic",
        task="expressed valence and arousal of the notes of a keyboard or a MIDI file",
        answers_every_s=STEP_S,
        data=[
            Data(name=_SOURCES[name][0], clips=size, licence=_SOURCES[name][1], non_commercial=True)
            for name, size in sizes.items()
        ],
        licence="Learned from data for non-commercial use and research: use the weights for that.",
        licence_short="non-commercial",
        intended_use="Live keyboards and scores of piano or game music, as an educated guess that "
        "is read with its confidence. Not for judging how a player feels.",
        limits=[
            "Only solo keyboards were learned from; scores for many instruments are not answered "
            "well: of YM2413-MDB, put into training on trial, 0.32 of the pieces were right.",
            "Percussion is not heard; programs, volume and pitch bend are not either.",
            "Most of what it learned from is solo piano of popular, film and game music.",
            "EMOPIA's labels are those of one annotator a clip: nobody agrees with all of them.",
            "Valence needs 10 to 20 seconds; arousal is known after 3.",
            "Notes are not cut into sections: it forgets what lies 40 s back.",
        ],
        figures=figures,
        training=training_cost(took_s, cores=1),
        features=features_digest(),
        **own,
    )
