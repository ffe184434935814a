"""Where a run says that it listens, what is counted, and what the address book knows."""

from __future__ import annotations

import socket

import pytest

from oscbridge.errors import SettingsError
from oscbridge.inbound.access import Access
from oscbridge.inbound.addresses import REMEMBERED, AddressBook
from oscbridge.inbound.listening import USUAL
from oscbridge.inbound.settings import PortSettings
from oscbridge.inbound.traffic import CALM_S, Traffic
from oscbridge.inbound.words import ANGLES, NEUTRAL, point_of_word
from oscbridge.inlets import INLETS, InletError
from oscbridge.labels import Labels
from oscbridge.oscquery.announce import own_addresses
from oscbridge.protocol import PREFIX
from tests.inbound.world import running, until


def words(settings: PortSettings) -> str:
    access = Access(settings, PREFIX)
    said = access.words
    access.close()
    return said


def test_where_it_listens_is_said_and_to_whom() -> None:
    assert words(PortSettings(port=0)).startswith("listening to this machine on 127.0.0.1:")
    on_the_network = words(PortSettings(port=0, lan=True))
    listening, _, where = on_the_network.partition(" on ")
    assert listening == "listening to every machine of the network"
    assert where.rpartition(":")[0] in {*own_addresses(), "0.0.0.0"}
    some = words(PortSettings(port=0, lan=True, allow=("10.0.0.0/24", "192.168.1.7")))
    assert some.startswith("listening to 10.0.0.0/24, 192.168.1.7 of the network on ")
    assert words(PortSettings(enabled=False)) == "not listening (no port is wanted)"


def test_programs_that_are_heard_are_named_with_the_port_that_they_have_to_send_to() -> None:
    said = words(PortSettings(port=0, hear=("faceosc", "hr-pulsoid")))
    assert said.endswith("; to faceosc on port 8338, hr-pulsoid on port 9010")


def test_a_list_of_networks_that_has_no_effect_is_said() -> None:
    said = words(PortSettings(port=0, allow=("10.0.0.0/24",)))
    assert said.startswith("listening to this machine alone")
    assert "--lan" in said


def test_a_busy_port_is_said_aloud() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        number = other.getsockname()[1]
        said = words(PortSettings(port=number))
    assert f"UDP port {number} is busy" in said
    assert said.startswith(("listening to this machine on 127.0.0.1:", "not listening: UDP port"))


def test_who_shall_be_heard_needs_a_port_and_a_preset_that_can_be_heard() -> None:
    with pytest.raises(SettingsError, match="--no-port"):
        Access(PortSettings(enabled=False, hear=("faceosc",)), PREFIX)
    with pytest.raises(SettingsError, match="no preset 'faceoscc'"):
        Access(PortSettings(port=0, hear=("faceoscc",)), PREFIX)
    with pytest.raises(SettingsError, match="no preset 'faceoscc'"):
        Access(PortSettings(port=0, hear=("faceoscc:9000",)), PREFIX)
    with pytest.raises(SettingsError, match="--hear faceosc:70000: a port is 1 to 65535"):
        Access(PortSettings(port=0, hear=("faceosc:70000",)), PREFIX)


def test_a_program_may_be_heard_at_another_port_than_its_preset_says() -> None:
    said = words(PortSettings(port=0, hear=("hr-pulsoid:9000",)))
    assert said.endswith("; to hr-pulsoid on port 9000")


def test_a_busy_port_of_somebody_who_is_heard_is_told_with_who_may_have_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        number = other.getsockname()[1]
        monkeypatch.setitem(USUAL, number, "VRChat")
        with running(PortSettings(port=0, hear=(f"hr-pulsoid:{number}",))) as world:
            until(lambda: world.access._listening.detail)
            assert f"UDP port {number} is busy" in world.access._trouble()
    (told,) = (r.getMessage() for r in caplog.records if "is busy" in r.getMessage())
    assert told.startswith(f"UDP port {number} is busy, perhaps with VRChat")
    assert "--hear PRESET:PORT" in told


def test_what_was_wrong_is_told_once_a_second_and_no_more_when_all_is_well() -> None:
    traffic = Traffic()
    assert not traffic.report(10.0)
    traffic.malformed, traffic.culprit = 3, "10.0.0.9:5000"
    assert not traffic.report(10.5)
    assert traffic.report(11.0)
    assert traffic.detail == "3 no OSC, last from 10.0.0.9:5000"
    traffic.over_cap, traffic.shut_out = 12_345, ("10.0.0.8", 9)
    assert traffic.report(12.0)
    assert traffic.detail == "12,345 over the limit, last from 10.0.0.8:9"
    assert not traffic.report(13.0)
    assert traffic.detail
    assert not traffic.report(12.0 + CALM_S)
    assert traffic.detail == ""
    assert traffic.counts()["malformed"] == 3


def test_what_was_wrong_is_told_with_its_reason_and_not_with_that_of_something_else() -> None:
    traffic = Traffic()
    traffic.refused = 2
    traffic.blame("10.0.0.9:5000", lambda: "/x/in/health: health is 0 to 1,\nnot 20")
    assert traffic.report(11.0)
    assert traffic.detail.startswith("2 cannot be done, last from 10.0.0.9:5000: /x/in/health: ")
    assert "not 20" in traffic.detail
    assert "\n" not in traffic.detail
    traffic.malformed = 1
    traffic.blame("10.0.0.9:5000")
    assert traffic.report(12.0)
    assert traffic.detail == "1 no OSC, last from 10.0.0.9:5000"


def test_every_inlet_has_an_address_and_only_those_have() -> None:
    book = AddressBook("/x")
    for inlet in INLETS.values():
        address = f"/x/{inlet.name}"
        places = book.find(address + "/jawOpen" if inlet.open_ended else address)
        assert [place.inlet for place in places] == [inlet]
    for address in ("/x", "/x/", "/ping", "/x/ping/", "/x/in/affect/face/", "/x/in", "x/ping"):
        assert book.find(address) == ()


def test_patterns_reach_what_they_mean_and_are_not_remembered_without_end() -> None:
    book = AddressBook("/x", ("drums", "crowd"))
    names = [place.inlet.name for place in book.find("/x/in/set/*")]
    assert names == [n for n in INLETS if n.startswith("in/set/") and n.count("/") == 2]
    assert {place.streams for place in book.find("/x/*/in/freeze")} == {("drums",), ("crowd",)}
    for number in range(10 * REMEMBERED):
        book.find(f"/x/*{number}")
    assert len(book._patterns) <= REMEMBERED


def test_the_empty_prefix_works() -> None:
    book = AddressBook("")
    assert [place.inlet.name for place in book.find("/ping")] == ["ping"]


@pytest.mark.parametrize(
    ("word", "quadrant"),
    [
        ("joy", (1, 1)),
        ("excited", (1, 1)),
        ("ANGRY", (-1, 1)),
        (" tense ", (-1, 1)),
        ("sorrow", (-1, -1)),
        ("bored", (-1, -1)),
        ("calm", (1, -1)),
        ("at ease", (1, -1)),
    ],
)
def test_words_lie_in_the_quadrant_where_people_put_them(
    word: str, quadrant: tuple[int, int]
) -> None:
    point = point_of_word(word, Labels())
    assert point is not None
    assert (point[0] > 0, point[1] > 0) == (quadrant[0] > 0, quadrant[1] > 0)


def test_the_user_s_own_words_come_first() -> None:
    labels = Labels().renamed(1, "froh").renamed(3, "happy")
    assert point_of_word("happy", labels) == (-0.5, -0.5)
    assert point_of_word("neutral", labels) == (0.0, 0.0)
    assert point_of_word("xyz", labels) is None
    assert not set(ANGLES) & NEUTRAL


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("in/override", (1.005, -1.005), (1.0, -1.0)),  # a fader that ends a little beyond
        ("in/freeze", (True,), (1,)),
        ("in/transport/bar", (3.0,), (3,)),
        ("in/set/rate_hz", (30,), (30.0,)),
    ],
)
def test_numbers_are_taken_as_senders_have_them(
    name: str, given: tuple[float, ...], read: tuple[float, ...]
) -> None:
    assert INLETS[name].read(given) == read


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("subscribe", (0,)),
        ("subscribe", (65_536,)),
        ("in/label/set", (5, "x")),
        ("in/label/set", (0, "x")),
        ("in/override", (1.1, 0.0)),
        ("in/request/ack", (-1, "done")),
    ],
)
def test_what_lies_outside_was_meant_otherwise_and_is_refused(
    name: str, given: tuple[object, ...]
) -> None:
    with pytest.raises(InletError):
        INLETS[name].read(given)  # type: ignore[arg-type]
