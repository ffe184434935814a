"""The lists of the benchmark of boundaries: what they promise, and who may not stand in them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.training.boundaries import TEST_FOLDS, TUNING_FOLD
from models.training.boundaries.draw import FADES_S, Drawer
from models.training.boundaries.medleys import Medley, MedleyList, Piece, read_list, write_list
from models.training.corpora import Clip
from models.training.takes import Corpus


@pytest.mark.parametrize("name", ["test", "tuning"])
def test_a_list_names_each_stream_once_and_no_folders(name) -> None:
    medleys = read_list(name).medleys
    assert len({medley.name for medley in medleys}) == len(medleys)
    clips = [piece.clip for medley in medleys for piece in medley.pieces]
    assert not any("/" in clip or "\\" in clip for clip in clips)


def test_the_test_list_has_200_medleys_of_8_to_12_stretches_of_8_to_30_seconds() -> None:
    medleys = [m for m in read_list("test").medleys if m.kind in ("turns", "kin")]
    assert len(medleys) == 200
    assert sum(medley.corpus == "panda_4q" for medley in medleys) == 100
    for medley in medleys:
        assert 8 <= len(medley.pieces) <= 12
        between = np.asarray([piece.length_s for piece in medley.pieces]) - medley.fade_s
        assert between.min() >= 8.0 - 1e-6
        assert between.max() <= 30.0 + 1e-6
    turning = [medley.fade_s for medley in medleys if medley.kind == "turns"]
    assert {fade: turning.count(fade) for fade in FADES_S} == dict.fromkeys(FADES_S, 40)


def test_no_clip_of_the_test_list_may_be_learned_from_or_chosen_by() -> None:
    test, tuning = read_list("test").medleys, read_list("tuning").medleys
    assert {m.fold for m in test if m.corpus != "vgmidi"} == {*TEST_FOLDS}
    assert {m.fold for m in tuning} == {TUNING_FOLD}
    assert not any(medley.corpus == "vgmidi" for medley in tuning)

    def clips(medleys) -> set[tuple[str, str]]:
        return {(m.corpus, piece.clip) for m in medleys for piece in m.pieces}

    assert not clips(test) & clips(tuning)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    medley = Medley("a", "turns", "emopia", 1, 0.5, (Piece("x.mid", 1.5, 10.0), Piece("y.mid")))
    write_list("test", MedleyList({"emopia": "0123"}, (medley, medley)), tmp_path)
    assert read_list("test", tmp_path) == MedleyList({"emopia": "0123"}, (medley, medley))


def corpus(folder: Path, n: int = 24) -> Corpus:
    """Recordings of 20 s by eight artists, three each, of all quadrants."""
    clips = []
    for i in range(n):
        path = folder / f"{i}.wav"
        soundfile.write(path, np.zeros(20 * 1000, np.float32), 1000)
        clips.append(Clip(path, i % 4 + 1, f"artist {i // 3}", "panda_4q"))
    found = Corpus("panda_4q", clips)
    found.__dict__["folds"] = np.zeros(n, dtype=int)
    return found


@pytest.mark.parametrize("kind", ["turns", "kin"])
def test_neighbours_in_a_medley_are_of_other_artists_and_turn_or_do_not(kind, tmp_path) -> None:
    found = corpus(tmp_path)
    of = {clip.path.name: clip for clip in found.clips}
    drawer = Drawer(found, 0, np.random.default_rng(0))
    for number in range(20):
        medley = drawer.medley(f"{number}", kind, 1.0)
        for piece in medley.pieces:
            assert piece.start_s >= 0.0
            assert piece.start_s + piece.length_s <= 20.0
        for one, other in pairwise(of[piece.clip] for piece in medley.pieces):
            assert one.group != other.group
            assert (one.quadrant == other.quadrant) == (kind == "kin")
