"""The whole loop with a real host: a sad line, a request, SuperCollider turns, and it is heard.

SuperCollider's sound server plays into JACK, oscbridge listens to that, and what it measures after
the turn is compared with what it measured before: nothing in the loop is simulated but the player,
who writes one line.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from oscbridge.labels import Labels
from oscbridge.play.band import Band
from oscbridge.play.score import BAR
from oscbridge.protocol import PREFIX
from oscbridge.sources.demo_sounds import SAMPLE_RATE
from oscbridge.wire.template import Template
from tests.peers.beside import Namespace, Program
from tests.peers.servers import JackServer, wait_until

pytestmark = [
    pytest.mark.peer("jackd", "jack_lsp", "sclang", "scsynth", "unshare", "nsenter", "ip"),
    pytest.mark.timeout(300),  # four programs on few cores; each wait has a deadline of its own
]

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "supercollider" / "oscbridge.scd"
PLACEHOLDER = "// ... your change here ..."
PORT = 57120
LOOP = 8 * BAR
PATIENCE_S = 90.0
GOAL = (0.5, -0.5)
SETTINGS = f"""
[policy]
strategy = "compensate"
goal_valence = {GOAL[0]}
goal_arousal = {GOAL[1]}
"""
SAD_LINE = "this is hopeless, I am so sad and lonely"


class Record:
    """What oscbridge writes down while it runs, read by nothing but a JSON parser."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lines: list[dict] = []
        self._read = 0

    def update(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            whole, end, _ = file.read().rpartition(b"\n")
        self.lines += [json.loads(line) for line in whole.splitlines()]
        self._read += len(whole) + len(end)

    def said(self, signal: str) -> list[tuple[float, list]]:
        self.update()
        return [(x["time_s"], x["args"]) for x in self.lines if x.get("signal") == signal]

    def commands(self, name: str) -> list[dict]:
        self.update()
        came = [one for line in self.lines if "turn" in line for one in line["turn"]["in"]]
        return [fields for kind, fields in came if kind == name]


@pytest.fixture
def host(namespace: Namespace, jack: JackServer, tmp_path: Path) -> Program:
    """Run SuperCollider with its sound server, four loops, and our example around ``~play``."""
    for quadrant in (1, 2, 3, 4):
        loop = Band(quadrant).render(LOOP)
        soundfile.write(tmp_path / f"{Labels().of(quadrant)}.wav", loop, SAMPLE_RATE)
    example = EXAMPLE.read_text(encoding="utf-8")
    assert PLACEHOLDER in example
    changed = tmp_path / "oscbridge.scd"
    changed.write_text(example.replace(PLACEHOLDER, "~play.(label, fade);"), encoding="utf-8")
    script = tmp_path / "host.scd"
    sound = (HERE / "closed_loop.scd").read_text(encoding="utf-8")
    script.write_text(sound.replace("FOLDER", str(tmp_path)), encoding="utf-8")
    tmp_path.chmod(0o700)
    env = {
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "HOME": str(tmp_path),
        "SC_JACK_DEFAULT_OUTPUTS": "system",
    }
    program = namespace.run("sclang", "-u", str(PORT), str(script), env=env)
    program.wait_for("the host plays tense")
    return program


@pytest.fixture
def record(namespace: Namespace, host: Program, tmp_path: Path) -> Record:
    """Run oscbridge between that host's sound and that host."""
    settings = tmp_path / "settings.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    path = tmp_path / "session.jsonl"
    namespace.run(
        *(sys.executable, "-m", "oscbridge", "run", "--device", "SuperCollider"),
        *("--host-api", "jack", "--preset", "supercollider", "--config", str(settings)),
        *("--record", str(path), "--no-view"),
    )
    return Record(path)


def mean_point(record: Record, after_s: float, before_s: float) -> tuple[float, float]:
    """What was measured of the music on average between two instants."""
    points = [args for at_s, args in record.said("va") if after_s <= at_s < before_s]
    assert points
    valence, arousal = np.mean(points, axis=0)
    return float(valence), float(arousal)


def test_a_sad_line_leads_to_other_music_at_a_real_host_and_that_is_heard(
    namespace: Namespace, host: Program, record: Record
) -> None:
    wait_until(lambda: len(record.said("va")) > 100, "the tense music is measured", PATIENCE_S)
    tense = mean_point(record, record.said("va")[-100][0], math.inf)
    assert tense[0] < 0.0 < tense[1]

    player = namespace.run(sys.executable, str(HERE / "courier.py"), "7790", "7770")
    player.wait_for("ready")
    player.write(Template(f"{PREFIX}/in/affect/text", "s").pack((SAD_LINE,)).hex())
    wait_until(lambda: bool(record.said("request")), "other music is asked for", PATIENCE_S)
    (felt,) = record.commands("Felt")
    assert felt["valence"] < -0.3
    at_s, asked = record.said("request")[0]
    number, valence, arousal, reason = asked[0], asked[1], asked[2], asked[-1]
    assert reason == "player"
    assert valence > 0.0 > arousal

    host.wait_for("the host plays relaxed")
    ends = [[number, state] for state in ("sent", "queued", "started", "done")]
    wait_until(
        lambda: [args for _, args in record.said("request/state")] == ends,
        "the host acknowledges from queued to done",
        PATIENCE_S,
    )
    acknowledged = [(ack["id"], ack["state"]) for ack in record.commands("AckRequest")]
    assert acknowledged == [(number, state) for state in ("queued", "started", "done")]

    target = (valence, arousal)
    far = math.dist(tense, target)
    wait_until(
        lambda: (
            math.dist(record.said("va")[-1][1], target) < far / 2.0
            and record.said("quadrant")[-1][1] == [4]
        ),
        "what is measured of the music has come to the target",
        PATIENCE_S,
    )
    done_s = record.said("request/state")[-1][0]
    assert done_s > at_s
