"""AbletonOSC: looks at its messages every 100 ms, answers on 11001, knows one client.

Read from ideoforms/AbletonOSC (README.md, abletonosc/*.py, 2025-11-19). Live refuses numbers of the
wrong kind: an index that is a float raises in Python's list, an enumeration wants an int.
"""

from __future__ import annotations

from tests.hosts_fake.told import Said, Told

TICK_S = 0.1
BEAT_S = 0.5
SCENES = ("happy", "tense", "sad", "relaxed")
TRACKS = ("Rack", "Drums")
LISTENED = ("tempo", "is_playing", "beat")


class Host:
    """A Live set with two tracks and four scenes that plays at 120 BPM."""

    reply_port = 11001

    def __init__(self) -> None:
        self.parameter: dict[tuple[int, int, int], float] = {}
        self.volumes: dict[int, float] = {}
        self.fired: list[tuple[float, int, int]] = []
        """Scenes: when, which, under which quantisation."""
        self.quantisation = 4
        self.mapped: tuple[int, ...] = ()
        """Track, device, parameter, channel from 0, control."""
        self.tempo = 120.0
        self._waiting: list[Told] = []
        self._listened: set[str] = set()
        self._next_tick_s = 0.0
        self._beat = -1

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Keep a message until the next tick; nothing is answered before."""
        assert now_s <= self._next_tick_s + TICK_S
        self._waiting.append(told)
        return []

    def tick(self, now_s: float) -> list[Said]:
        """Answer what came since the last tick, and tell beats."""
        if now_s < self._next_tick_s:
            return []
        self._next_tick_s = now_s + TICK_S
        waiting, self._waiting = self._waiting, []
        said = [answer for told in waiting for answer in self._act(told, now_s)]
        beat = int(now_s / BEAT_S)
        if "beat" in self._listened and beat > self._beat:
            self._beat = beat
            said.append(("/live/song/get/beat", [beat]))
        return said

    def _act(self, told: Told, now_s: float) -> list[Said]:
        match told.address:
            case "/live/test":
                told.expect("")
                return [("/live/test", ["ok"])]
            case "/live/song/get/track_names":
                told.expect("")
                return [(told.address, list(TRACKS))]
            case "/live/song/get/scenes/name":
                told.expect("")
                return [(told.address, list(SCENES))]
            case "/live/device/set/parameter/value":
                track, device, parameter, value = told.expect("iiif")
                assert (track, device) == (0, 0), "there is no other device"
                assert 0 <= int(parameter) <= 16
                assert 0.0 <= float(value) <= 127.0, "Live raises outside min and max"
                self.parameter[int(track), int(device), int(parameter)] = float(value)
            case "/live/track/set/volume":
                track, _ = told.expect("if")
                self.volumes[int(track)] = told.number(1, 0.0, 1.0)
            case "/live/song/set/clip_trigger_quantization":
                (self.quantisation,) = (int(value) for value in told.expect("i"))
                told.number(0, 0, 13)
            case "/live/scene/fire":
                (scene,) = told.expect("i")
                told.number(0, 0, len(SCENES) - 1)
                self.fired.append((now_s, int(scene), self.quantisation))
            case "/live/midimap/map_cc":
                told.expect("iiiii")
                self.mapped = tuple(int(value) for value in told.args)
                told.number(3, 0, 15)
                told.number(4, 0, 127)
            case "/live/song/set/tempo":
                told.expect("f")
                self.tempo = told.number(0, 20.0, 999.0)
                return [("/live/song/get/tempo", [self.tempo])]
            case address if address.removeprefix("/live/song/start_listen/") in LISTENED:
                told.expect("")
                return self._listen(address.removeprefix("/live/song/start_listen/"))
            case _:
                raise AssertionError(f"AbletonOSC: Unknown OSC address: {told.address}")
        return []

    def _listen(self, what: str) -> list[Said]:
        self._listened.add(what)
        known: dict[str, list[float | int | bool]] = {"tempo": [self.tempo], "is_playing": [True]}
        return [(f"/live/song/get/{what}", known[what])] if what in known else []
