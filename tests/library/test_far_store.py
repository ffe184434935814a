"""A catalogue and its dataset in an object store: moto's server speaks S3, s3fs asks it.

Conventions
-----------
Workers are processes of their own and reach the store as any program does, through what the
environment says of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from oscbridge.library.far import cluster
from oscbridge.library.far.catalogue import entries
from oscbridge.library.far.dataset import Dataset
from oscbridge.library.far.job import Job
from oscbridge.library.far.ledger import Tally
from oscbridge.library.far.listening import Ear
from tests.library.far_doubles import MODEL, hear_quietly


@pytest.fixture(scope="module")
def bucket() -> Iterator[Any]:
    """A bucket, as boto3 sees it; the environment names the store."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "somebody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        store = boto3.resource("s3").Bucket("crate")
        store.create()
        yield store
    server.stop()


@pytest.fixture(scope="module")
def client(bucket: Any) -> Iterator[Any]:
    with cluster.opened(None, 2) as client:
        yield client


def index(client: Any) -> Tally:
    dataset = Dataset("s3://crate/heard", MODEL)
    return Job(client, dataset, Ear(hear_quietly), MODEL).run(entries("s3://crate/music"))


def parts(bucket: Any) -> list[str]:
    return [item.key for item in bucket.objects.filter(Prefix="heard/")]


def test_a_bucket_is_listened_to_once_and_its_dataset_lies_in_a_bucket(
    client: Any, bucket: Any, tmp_path: Path
) -> None:
    for number in range(12):
        bucket.put_object(Key=f"music/{number % 3}/{number}.mp3", Body=b"x" * (number + 1))
    bucket.put_object(Key="music/copy.mp3", Body=b"x")
    bucket.put_object(Key="music/cover.jpg", Body=b"x")
    tally = index(client)
    assert (tally.tracks, tally.copies, tally.passing) == (12, 1, [])
    assert len(parts(bucket)) == 1
    found = {track.path for track in Dataset("s3://crate/heard").tracks()}
    assert len(found) == 12
    assert "s3://crate/music/2/11.mp3" in found

    tally = index(client)
    assert (tally.unchanged, tally.tracks, len(parts(bucket))) == (13, 0, 1)

    bucket.put_object(Key="music/1/1.mp3", Body=b"y" * 2)  # another content of the same size
    tally = index(client)
    assert (tally.unchanged, tally.tracks, tally.copies) == (12, 1, 0)


def test_a_file_that_is_not_what_the_catalogue_says_is_not_listened_to(
    client: Any, bucket: Any
) -> None:
    bucket.put_object(Key="other/a.mp3", Body=b"z" * 50)
    (entry,) = entries("s3://crate/other")
    bucket.put_object(Key="other/a.mp3", Body=b"z" * 40)
    dataset = Dataset("s3://crate/heard-other", MODEL)
    tally = Job(client, dataset, Ear(hear_quietly), MODEL).run([entry])
    assert tally.passing == [("s3://crate/other/a.mp3", "it has 40 bytes, not 50")]
    assert not len(dataset)
