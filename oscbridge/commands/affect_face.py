"""``oscbridge affect face``: what the faces in pictures express.

Conventions
-----------
One JSON object a line for each face, or one for a picture without any, whose ``face`` is null. The
same models look as in a live run (`models.face`), a trained one at ten crops of each face instead
of two. A file that is no picture is complained of, and the others go on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from oscbridge.errors import InputError, MissingExtraError
from oscbridge.readable import printable
from oscbridge.standard_streams import complain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    import numpy as np

    from models.face import FaceModel
    from models.face_finder import Box, Choice

DESCRIPTION = """\
Say what the faces in pictures express: valence and arousal in -1..1, and a confidence that is never
high, since a face tells little of what a person feels (a live run takes half of it for the best
guess of that). The default, 'signs', needs no training: it
knows a smile, and, of moving pictures, liveliness; nothing of anger, fear or sadness. Needs the
extra 'camera': pip install "oscbridge[camera]". Nothing is stored or sent."""

EXAMPLES = """\
examples:
  oscbridge affect face me.jpg
  oscbridge affect face party.jpg --face all --json     one line a face, the largest first
  oscbridge affect face me.jpg --model my-faces         a network of yours, see below
  oscbridge affect face me.jpg --model emotion-ferplus-8.onnx \\
      --labels neutral happiness surprise sadness anger disgust fear contempt
                                                        any network in the ONNX format

A network of your own, from FER2013, FERPlus, CK+ or folders of pictures that you have:
  python -m models.training.train_face --data fer2013.csv --name my-faces
Live, with a camera:  oscbridge run --sense camera"""

SEARCH_WIDTH = 960
"""Pixels to which pictures are reduced to be searched: more than live, for there is time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge affect face``."""
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="JPEG, PNG, WebP, …")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--face",
        choices=("all", "largest", "left", "right"),
        default="largest",
        help="which face, where there are several (default: the largest)",
    )
    parser.add_argument(
        "--model",
        default="signs",
        metavar="NAME",
        help="signs (default), a network that you trained, or the path of an .onnx file",
    )
    parser.add_argument(
        "--labels", nargs="+", default=(), metavar="WORD", help="outputs of the .onnx, in order"
    )
    parser.add_argument(
        "--pixels",
        choices=("0..255", "0..1", "-1..1", "imagenet"),
        default="0..255",
        help="what the .onnx takes for a pixel (default 0..255)",
    )


def run(args: argparse.Namespace) -> int:
    """Look at the pictures; return 0, or 2 where a file was none.

    Raises
    ------
    MissingExtraError
        OpenCV or onnxruntime is not installed.
    SettingsError
        There is no such model.
    """
    from oscbridge.camera.choice import load_model

    try:
        model = load_model(args.model, args.labels, args.pixels, ten=True)
    except ImportError as error:
        package = error.name or "cv2"
        extra = "onnx" if package == "onnxruntime" else "camera"
        raise MissingExtraError("looking at faces", package, extra) from None
    status = 0
    rows: list[dict[str, Any]] = []
    for path in args.images:
        try:
            found = list(_look(path, model, args.face))
        except InputError as error:
            complain(str(error))
            status = 2
            continue
        rows += found
        if args.json:
            for row in found:
                print(json.dumps(row, ensure_ascii=False), flush=True)
    if rows and not args.json:
        _print_table(rows)
    return status


def _look(path: str, model: FaceModel, which: str) -> Iterator[dict[str, Any]]:
    """What is said of each chosen face of a picture. Raises `InputError` where it is none."""
    from models.face_finder import choose, find_faces, to_grey

    picture = _read(path)
    faces = find_faces(to_grey(picture), SEARCH_WIDTH)
    if which != "all":
        chosen = choose(faces, cast("Choice", which))
        faces = [chosen] if chosen else []
    for face in faces:
        model.reset()
        yield _row(path, picture, face, model)
    if not faces:
        said = dict.fromkeys(("face", "valence", "arousal"))
        yield {"file": path, **said, "confidence": 0.0, "model": model.name}


def _row(path: str, picture: np.ndarray, face: Box, model: FaceModel) -> dict[str, Any]:
    from models.face_finder import to_grey
    from models.face_quality import judge

    expression = model.update(picture, face, 0.0)
    return {
        "file": path,
        "face": face._asdict(),
        "valence": round(expression.valence, 4),
        "arousal": round(expression.arousal, 4),
        "confidence": round(expression.confidence, 4),
        "quality": round(judge(to_grey(picture), face).overall, 4),
        "model": model.name,
        "details": {name: round(value, 4) for name, value in expression.details.items()},
    }


def _read(path: str) -> np.ndarray:
    """Read a picture, turned as its EXIF says. Raises `InputError` where it is none."""
    import cv2
    import numpy as np

    try:
        content = np.frombuffer(Path(path).read_bytes(), np.uint8)
    except OSError as error:
        raise InputError(f"{path!r} cannot be read: {error.strerror}.") from None
    picture: np.ndarray | None = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    if picture is None:
        raise InputError(f"{path!r} is no picture that can be read.")
    return picture


def _print_table(rows: list[dict[str, Any]]) -> None:
    from oscbridge.terminal.tables import build_table, print_giving_way

    table = build_table("picture", "face", ">valence", ">arousal", ">confidence", "most of all")
    for row in rows:
        if row["face"] is None:
            table.add_row(printable(row["file"]), "none found", "–", "–", "0.00", "")
            continue
        x, y, width, _ = row["face"].values()
        details: dict[str, float] = row["details"]
        strongest = max(details, key=lambda name: details[name], default="")
        table.add_row(
            printable(row["file"]),
            f"{width} px at {x}, {y}",
            *(f"{row[name]:+.2f}" for name in ("valence", "arousal")),
            f"{row['confidence']:.2f}",
            strongest if row["model"] != "signs" else f"smile {details['smile']:.0f}",
        )
    print_giving_way(table, 0)
