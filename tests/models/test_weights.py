"""Weight files: verified before use."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.weights import Weights, WeightsError, read_weights, write_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small model in it."""
    write_weights("small", {"w": np.arange(6.0).reshape(2, 3)}, {"layout": "abc"}, tmp_path)
    return tmp_path


def test_what_was_written_is_read(folder: Path) -> None:
    weights = read_weights("small", folder)
    assert np.array_equal(weights.arrays["w"], np.arange(6.0).reshape(2, 3))
    assert weights.card["name"] == "small"
    assert weights.card["sha256"].startswith(weights.digest)


def test_one_changed_byte_is_refused(folder: Path) -> None:
    blob = bytearray((folder / "small.npz").read_bytes())
    blob[len(blob) // 2] ^= 1
    (folder / "small.npz").write_bytes(blob)
    with pytest.raises(WeightsError, match="damaged"):
        read_weights("small", folder)


@pytest.mark.parametrize("missing", ["small.npz", "small.json"])
def test_a_missing_file_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(WeightsError, match="cannot be read"):
        read_weights("small", folder)


def with_content(folder: Path, blob: bytes, **facts: Any) -> None:
    """Put other bytes into the place of the arrays, and make the card agree with them."""
    (folder / "small.npz").write_bytes(blob)
    card = json.loads((folder / "small.json").read_text())
    card |= {"sha256": hashlib.sha256(blob).hexdigest(), **facts}
    (folder / "small.json").write_text(json.dumps(card))


def zipped(content: bytes, name: str = "w.npy", method: int = zipfile.ZIP_STORED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as file:
        file.writestr(name, content)
    return memory.getvalue()


def npy(array: np.ndarray) -> bytes:
    memory = io.BytesIO()
    np.save(memory, array)
    return memory.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    memory = io.BytesIO()
    np.savez(memory, **arrays)
    return memory.getvalue()


def npy_that_says(shape: str, dtype: str = "<f4") -> bytes:
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(64)


def test_pickled_objects_are_never_loaded(folder: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
            return (Path.touch, (folder / "exploded",))

    with_content(folder, npz(w=np.asarray([Bomb()], dtype=object)))
    with pytest.raises(WeightsError, match="plain numbers"):
        read_weights("small", folder)
    assert not (folder / "exploded").exists()


@pytest.mark.parametrize(
    ("blob", "complaint"),
    [
        (b"", "no archive"),
        (b"RIFF....WAVEfmt ", "no archive"),
        (zipped(b"hello", "readme.txt"), "is no array"),
        (zipped(npy(np.zeros(3)), "../w.npy"), "is no array"),
        (zipped(b"hello"), "no archive"),
        (zipped(npy(np.zeros(10**6)), method=zipfile.ZIP_DEFLATED), "is compressed"),
        (zipped(npy_that_says("(1000000000000,)")), "not as long as it says"),
        (zipped(npy_that_says("(-4, -4)")), "negative"),
        (zipped(npy_that_says("(4,)")), "not as long as it says"),
        (zipped(npy_that_says("(16,)", ">f4")), "plain numbers"),
        (zipped(npy_that_says("(16,)", "<M8[s]")), "no archive|plain numbers|not as long"),
        (npz(w=np.asarray(["text"])), "plain numbers"),
        (npz(w=np.zeros(2, dtype=[("a", "f4")])), "plain numbers"),
    ],
    ids=[
        *("empty", "a sound", "a text", "a path", "no npy", "zip bomb", "huge", "negative"),
        *("too long", "big endian", "dates", "letters", "records"),
    ],
)
def test_foreign_files_are_one_sentence_even_if_their_card_agrees(
    folder: Path, blob: bytes, complaint: str
) -> None:
    with_content(folder, blob)
    with pytest.raises(WeightsError, match=complaint) as caught:
        read_weights("small", folder)
    assert "'small'" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_files_of_two_models_cannot_be_swapped(folder: Path) -> None:
    write_weights("other", {"w": np.ones(3)}, {}, folder)
    (folder / "other.npz").replace(folder / "small.npz")
    with pytest.raises(WeightsError, match="damaged"):
        read_weights("small", folder)
    (folder / "other.json").replace(folder / "small.json")
    with pytest.raises(WeightsError, match="that of another model, 'other'"):
        read_weights("small", folder)


def test_dimensions_that_the_card_does_not_state_are_refused(folder: Path) -> None:
    with_content(folder, npz(w=np.zeros((3, 2)), extra=np.zeros(1)))
    with pytest.raises(WeightsError, match="other dimensions of extra, w"):
        read_weights("small", folder)


def test_a_format_of_the_future_is_refused(folder: Path) -> None:
    with_content(folder, (folder / "small.npz").read_bytes(), format=99)
    with pytest.raises(WeightsError, match="newer oscbridge"):
        read_weights("small", folder)


@pytest.mark.parametrize(
    "card", [b"", b"[1, 2]", b"{", b'{"name": NaN}', b"\xff\xfe", b"[" * 10**5]
)
def test_a_card_that_is_none_is_one_sentence(folder: Path, card: bytes) -> None:
    (folder / "small.json").write_bytes(card)
    with pytest.raises(WeightsError, match="card of model 'small' is no JSON"):
        read_weights("small", folder)


def test_a_file_of_any_size_is_not_read_further_than_a_model_can_be_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.weights.MOST_BYTES", 1 << 20)
    with (folder / "small.npz").open("ab") as stream:
        stream.truncate(1 << 40)  # a hole: takes no space
    with pytest.raises(WeightsError, match="larger than 1 MiB"):
        read_weights("small", folder)


def test_a_folder_in_the_place_of_a_file_is_one_sentence(folder: Path) -> None:
    (folder / "small.npz").unlink()
    (folder / "small.npz").mkdir()
    with pytest.raises(WeightsError, match="is no file"):
        read_weights("small", folder)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(file=st.sampled_from([".npz", ".json"]), data=st.data())
def test_a_flipped_bit_or_a_truncation_anywhere_is_noticed(
    folder: Path, file: str, data: st.DataObject
) -> None:
    write_weights("small", {"w": np.arange(6.0).reshape(2, 3)}, {"layout": "abc"}, folder)
    before = read_weights("small", folder)
    path = folder / f"small{file}"
    blob = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(blob) - 1))
    if data.draw(st.booleans()):
        del blob[place:]
    else:
        blob[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(blob)
    try:
        after = read_weights("small", folder)
    except WeightsError:
        return
    # a letter of the card that ties it to nothing
    assert file == ".json"
    assert np.array_equal(after.arrays["w"], before.arrays["w"])
    assert after.card["sha256"] == before.card["sha256"]


SPEC = {"w": "n s r", "gate": "n 3h s", "read": "n 2 s+h"}


def with_shapes(**shapes: tuple[int, ...]) -> Weights:
    return Weights("m", {name: np.zeros(shape) for name, shape in shapes.items()}, {})


def test_arrays_that_fit_together_say_how_long_everything_is() -> None:
    weights = with_shapes(w=(4, 5, 9), gate=(4, 18, 5), read=(4, 2, 11), hidden=(4, 6))
    sizes = weights.require_shapes(hidden="n h", **SPEC)
    assert sizes == {"n": 4, "h": 6, "s": 5, "r": 9}


@pytest.mark.parametrize(
    "shapes",
    [
        {"w": (4, 5, 9), "gate": (4, 18, 5)},
        {"w": (4, 5), "gate": (4, 18, 5), "read": (4, 2, 11)},
        {"w": (4, 5, 9), "gate": (4, 17, 5), "read": (4, 2, 11)},
        {"w": (4, 5, 9), "gate": (4, 18, 5), "read": (4, 3, 11)},
        {"w": (4, 5, 9), "gate": (4, 18, 5), "read": (3, 2, 11)},
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(shapes: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises(WeightsError, match="model 'm'"):
        with_shapes(hidden=(4, 6), **shapes).require_shapes(hidden="n h", **SPEC)


def test_a_card_cannot_claim_what_ties_it_to_its_arrays(tmp_path: Path) -> None:
    write_weights("mine", {"w": np.ones(2)}, {"name": "other", "sha256": "0"}, tmp_path)
    assert read_weights("mine", tmp_path).card["name"] == "mine"


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    write_weights("bad", {"w": np.asarray([1.0, np.nan])}, {}, tmp_path)
    with pytest.raises(WeightsError, match="not finite"):
        read_weights("bad", tmp_path)
