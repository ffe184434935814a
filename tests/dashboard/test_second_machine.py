"""A phone on another machine comes to the page over a network, with a real browser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from oscbridge.errors import SettingsError
from oscbridge.outputs import dashboard
from tests.peers.test_network import lines_of

GUEST = Path(__file__).with_name("guest.py")
SERVED = """
export LOG={folder}/log SCHEME={scheme}
connect 1 {guest}
exec "$python" -m oscbridge run --source demo --plain --lan --dashboard {more} > "$LOG"
"""
SETTINGS = """
[outputs.dashboard]
certificate = "{0}/page.pem"
certificate_key = "{0}/page.key"
"""


def make_certificate(folder: Path) -> None:
    """Write a certificate that signs itself, and its key."""
    files = ("-keyout", str(folder / "page.key"), "-out", str(folder / "page.pem"))
    whose = ("-subj", "/CN=10.77.1.1", "-addext", "subjectAltName=IP:10.77.1.1")
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    subprocess.run(["openssl", "req", *kind, *files, *whose], check=True, stderr=subprocess.DEVNULL)


def visit(folder: Path, scheme: str, more: str = "") -> dict[str, Any]:
    """What a browser on another machine meets."""
    script = SERVED.format(folder=folder, scheme=scheme, guest=GUEST, more=more)
    with lines_of(script) as lines:
        return json.loads(lines.readline())


@pytest.mark.peer("unshare", "nsenter", "ip", "chromium")
def test_another_machine_comes_in_by_the_code_once_and_is_known_from_then_on(
    tmp_path: Path,
) -> None:
    met = visit(tmp_path, "http")
    assert met["first"] == "/pair"
    assert met["wrong"] == met["again"] == "Wrong code."
    assert met["right"] == ""
    assert met["frozen"]
    assert met["known"]
    assert not met["camera"]
    assert "over https" in met["why"]


@pytest.mark.peer("unshare", "nsenter", "ip", "chromium", "openssl")
def test_with_a_certificate_another_machine_may_lend_its_camera(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    (tmp_path / "mine.toml").write_text(SETTINGS.format(tmp_path))
    met = visit(tmp_path, "https", f"--config {tmp_path}/mine.toml")
    assert met["right"] == ""
    assert met["known"]
    assert met["camera"]
    assert met["why"] == ""


@pytest.mark.peer("openssl")
def test_a_certificate_that_is_none_is_refused_before_anything_runs(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    pem, key = str(tmp_path / "page.pem"), str(tmp_path / "page.key")
    for certificate, its_key in (("nowhere.pem", ""), (pem, ""), (key, key)):
        config = dashboard.Config(certificate=certificate, certificate_key=its_key)
        with pytest.raises(SettingsError, match="cannot be used with key"):
            dashboard.open(config)
