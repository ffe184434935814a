"""The model of faces that a user chose, or a sentence on what is wrong with the choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import face
from models.face_finder import FaceError, load_cv2
from models.weights import WeightsError
from oscbridge.errors import OscbridgeError, SettingsError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.face import FaceModel, Pixels


def load_model(
    name: str, labels: Sequence[str] = (), pixels: Pixels = "0..255", *, ten: bool = False
) -> FaceModel:
    """Load a model of faces, with the arguments of `models.face.load`.

    Raises
    ------
    SettingsError
        There is none of this name, or its files or labels do not fit; says what does.
    OscbridgeError
        OpenCV is a version without cascades.
    ImportError
        A library is missing.
    """
    if labels and not name.casefold().endswith(face.ENDING):
        raise SettingsError(f"labels are for a network in an {face.ENDING} file, not for {name!r}.")
    try:
        load_cv2()
        return face.load(name, labels=labels, pixels=pixels, ten=ten)
    except KeyError:
        raise unknown_name("model of faces", name, face.names()) from None
    except WeightsError as error:
        raise SettingsError(f"{error}.") from None
    except FaceError as error:
        raise OscbridgeError(f"{error}.") from None
