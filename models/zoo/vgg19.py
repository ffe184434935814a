"""S0: expressions of faces by the sixteen convolutions of VGG19 (Jiang et al. 2023).

Conventions
-----------
Faces of 48×48 grey pixels, crops of 44×44, a random one and its mirror image while training, ten in
the test. Blocks of 2, 2, 4, 4 and 4 convolutions of 3×3 with 64, 128, 256, 512 and 512 channels, a
maximum of 2×2 after each: 44 → 22 → 11 → 5 → 2 → 1, so that the last map is 1×1×512 as the paper
says. There one linear layer gives the labels (its equation 6 read as ``v = W v' + b``; the three
layers of 4096 that VGG19 has for pictures of 224×224 would hold nothing but that one place), and
softmax their probabilities. Gradient descent with momentum; normalisation of batches, without which
so deep a network does not begin to learn from scratch, is ours and is folded into the weights.

20.0 million parameters and 0.75 billion multiplications a crop: 70 ms on one core for the two crops
of a live face, where `models.face_network` takes 12. Run by
`models.face_network.NetworkModel`, trained by ``models.training.train_face --network vgg19``; not
shipped, since no faces were at hand. The paper's accuracy, "nearly 100 %" on CK+, has last frames
of one sequence on both sides of the split; ours keeps persons apart.

K. Simonyan & A. Zisserman, Very deep convolutional networks for large-scale image recognition, ICLR
2015. T. Jiang, S. Deng, P. Wu, H. Jiang, Real-time human-music emotional interaction based on deep
learning and multimodal sentiment analysis (2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.face_network import POOL, NetworkModel
from models.weights import read_weights

if TYPE_CHECKING:
    from models.weights import Weights

NAME = "vgg19"
PLAN = (
    *(64, 64, POOL, 128, 128, POOL),
    *(256, 256, 256, 256, POOL),
    *(512, 512, 512, 512, POOL),
    *(512, 512, 512, 512, POOL),
)
"""As of `models.face_network`."""


def load(weights: Weights | None = None) -> NetworkModel:
    """Load the network with these weights.

    Raises
    ------
    WeightsError
        They are damaged or of another network; none is shipped.
    """
    return NetworkModel(weights or read_weights(NAME), ten=True)
