"""Peers that are measured compute what ours computes: else a ratio would say nothing."""

from __future__ import annotations

import numpy as np
import pytest

from models.weights import read_weights
from oscbridge.measuring.stages import PAIR
from tests.bench.suite import OURS, Bench
from tests.bench.suites import log_mel, midi, networks, wavelet
from tests.bench.suites.osc import VA

AT = 700
"""A frame in the midst of the music."""
LOOSE_DB = {"essentia": 0.05}
"""Its window is symmetric; the others agree to the last digits."""
OTHER_BANDS = ("audioflux BFT",)
"""As many bands over the same range, but at other places: the same work, other numbers."""
AUDIBLE_DB = -40.0


@pytest.mark.parametrize("name", [name for name in log_mel.PEERS if name not in OTHER_BANDS])
def test_peers_hear_the_same_bands(bench: Bench, name: str) -> None:
    ours = bench.material.frames[AT]["log_mel"][0]
    theirs = log_mel.PEERS[name]()(log_mel.frames_of(bench)[AT])
    loud = ours > AUDIBLE_DB
    assert loud.sum() > 50
    assert np.abs(theirs - ours)[loud].max() < LOOSE_DB.get(name, 1e-3)


def test_the_numpy_twin_has_the_features_of_ours(bench: Bench) -> None:
    from tests.bench.peers.numpy_features import NumpyFeatures

    twin = NumpyFeatures()
    theirs = np.asarray([twin.push(hop) for hop in bench.material.hops[:AT]])
    ours = np.concatenate([frames.values for frames in bench.material.frames[:AT]])
    assert np.abs(theirs - ours)[20:].max() < 0.01


def test_streaming_wavelets_are_those_of_the_stream(bench: Bench) -> None:
    ours, theirs = (
        wavelet.SUITE.contenders[name](bench) for name in (OURS, "PyWavelets, streaming-correct")
    )
    past, new = wavelet.PAST, wavelet.NEW
    levels = (wavelet.LEVELS, *range(wavelet.LEVELS, 0, -1))
    for our_block, their_block in list(zip(ours.items, theirs.items, strict=True))[:200]:
        expected = theirs.update(their_block)
        for level, found, band in zip(levels, ours.update(our_block), expected, strict=True):
            newest = band[past >> level : (past + new) >> level]
            np.testing.assert_allclose(found, newest, atol=1e-5)


@pytest.mark.parametrize("name", ["onnxruntime", "numpy", "torch, eager", "torch, traced"])
def test_networks_say_the_same(bench: Bench, name: str) -> None:
    expert = read_weights("music").arrays["expert"]
    ours, theirs = (networks.SUITE.contenders[who](bench) for who in (OURS, name))
    for step in ours.items[:20]:
        votes, readings = theirs.update(step)
        means = [
            votes[expert == k].mean(axis=0) + readings[expert == k].mean(axis=0) for k in (0, 1)
        ]
        np.testing.assert_allclose(ours.update(step), np.mean(means, axis=0), atol=1e-4)


def test_both_send_the_same_packet(bench: Bench) -> None:
    from pythonosc.osc_message_builder import OscMessageBuilder

    from oscbridge.wire.template import Template

    builder = OscMessageBuilder(VA.address)
    for value in PAIR:
        builder.add_arg(value)
    assert bytes(Template(VA.address, VA.types).pack(PAIR)) == builder.build().dgram


def test_both_encode_the_same_controls(bench: Bench) -> None:
    ours, mido = (build(bench) for build in midi.SUITE.contenders.values())
    for value in ours.items[:256]:
        (control,) = ours.update(value)
        assert list(control) == mido.update(value)
