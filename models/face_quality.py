"""How well a face can be seen: size, sharpness, light, pose; each 0 (not at all) to 1 (well).

Conventions
-----------
Judged on the face reduced to `SIDE` pixels, so that the number of pixels counts once, as ``size``.
``sharp`` is the spread of the Laplacian against that of brightness (J. Pech-Pacheco et al., Diatom
autofocusing in brightfield microscopy, ICPR 2000); ``light`` asks for a mean that is neither black
nor white and for contrast; ``pose`` is how alike the face and its mirror image are, which is lost
when a head turns or one side lies in shadow. Limits are ours, chosen on drawn faces and one
photograph: they keep bad pictures down and do not rank good ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.face_finder import cut_face, load_cv2

if TYPE_CHECKING:
    from models.face_finder import Box

SIDE = 64
"""Pixels of the reduced face."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be seen, each 0..1."""

    size: float
    sharp: float
    light: float
    pose: float

    @property
    def overall(self) -> float:
        """All of it together, 0..1: the product, so that one fault is enough."""
        return self.size * self.sharp * self.light * self.pose


def judge(grey: np.ndarray, box: Box) -> Quality:
    """Judge how well the face in ``box`` of a grey picture can be seen.

    Parameters
    ----------
    grey : np.ndarray, shape=(height, width), uint8
    box : Box
        Inside the picture, at least in part.
    """
    cv2 = load_cv2()
    face = cut_face(grey, box, SIDE).astype(np.float32)
    mean, spread = float(face.mean()), float(face.std())
    edges = float(cv2.Laplacian(face, cv2.CV_32F).std()) / max(spread, 1.0)
    level = _ramp(mean, 15.0, 50.0) * _ramp(255.0 - mean, 5.0, 25.0)
    inner = cv2.GaussianBlur(face, (0, 0), 3.0)[8:-4, 8:-8]
    alike = float(np.corrcoef(inner.ravel(), inner[:, ::-1].ravel())[0, 1]) if spread > 1.0 else 0.0
    return Quality(
        size=_ramp(float(box.width), 30.0, 90.0),
        sharp=_ramp(edges, 0.08, 0.3),
        light=level * _ramp(spread, 6.0, 22.0),
        pose=_ramp(alike, -0.1, 0.6),
    )


def _ramp(value: float, low: float, high: float) -> float:
    """0 at ``low`` and below, 1 at ``high`` and above, straight between them."""
    return min(max((value - low) / (high - low), 0.0), 1.0)
