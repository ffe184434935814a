"""Which track a file is: the hash of its bytes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

DIGEST_BYTES = 16
_CHUNK = 1 << 20


def digest_of(stream: BinaryIO) -> str:
    """BLAKE2b of all that a stream still holds, 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    while chunk := stream.read(_CHUNK):  # hashlib.file_digest wants more than remote files offer
        digest.update(chunk)
    return digest.hexdigest()
