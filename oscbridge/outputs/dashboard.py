"""The page: what a run says, shown in a browser, and what its readers say in return.

Conventions
-----------
Off unless it is asked for (``--dashboard``). A process of its own serves it
(`oscbridge.dashboard`): here messages are only written to a pipe, which never waits. Streams of one
run share one page. Beside messages it is shown snapshots (`DashboardOutput.observe`), the frames of
the analysis (`DashboardOutput.spectrum`) and whatever people turn. ``sent`` counts messages that
the page took.
"""

from __future__ import annotations

import ipaddress
import time
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge import __version__
from oscbridge.dashboard.link import PageLink, spaced
from oscbridge.dashboard.records import (
    About,
    Column,
    Health,
    Introduce,
    OutputHealth,
    Serve,
    Turned,
    Values,
)
from oscbridge.dashboard.signing import signing_key
from oscbridge.dashboard.spectrum import Spectrum
from oscbridge.errors import SettingsError
from oscbridge.inbound.port import is_this_machine
from oscbridge.inbound.udp import own_address
from oscbridge.outputs.base import ALONE, OutputConfig, Wiring
from oscbridge.protocol import HOST
from oscbridge.sensors import camera

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.inbound.traffic import Traffic
    from oscbridge.orders import Command
    from oscbridge.protocol import Message
    from oscbridge.reaction import ReactionMeter
    from oscbridge.sensors.base import SensorConfig
    from oscbridge.snapshot import Snapshot

EVERYWHERE = "0.0.0.0"
PORT_PAGE = 7780
HEALTH_S = 1.0
"""Between two reports on how things are."""
TURNED = frozenset(
    {
        *("Adjust", "Freeze", "Learn", "Override", "Origin", "Rename"),
        *("UseLabels", "Learned", "Mark", "OptOut"),
    }
)
"""Commands of `oscbridge.orders` that change what pages show."""


class Config(OutputConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the page is served."""

    address: Annotated[
        str,
        msgspec.Meta(description="HOST:PORT; empty: 7780 here, with --lan for the network too"),
    ] = ""
    certificate: Annotated[
        str,
        msgspec.Meta(
            description="PEM file: the page is served over https, so that phones can lend a camera"
        ),
    ] = ""
    certificate_key: Annotated[
        str, msgspec.Meta(description="PEM file of its key, if it is not in the same one")
    ] = ""


class DashboardOutput:
    """One stream of a run, as the page shows it.

    Parameters
    ----------
    link : PageLink
        To the server.
    wiring : Wiring
        What is shared with the run.
    place : str
        Where the page is served, as browsers write it, without the port.
    owner : bool
        Whether closing this output ends the server.
    """

    def __init__(self, link: PageLink, wiring: Wiring, place: str, *, owner: bool = True) -> None:
        self.prompt = link.prompt
        self.name = f"dashboard {place}:{link.port}"
        self.sent = 0
        self.errors = 0
        self.detail = ""
        self.spectrum = Spectrum()
        self._link: PageLink | None = link
        self._code = link.code
        self._traffic: Traffic | None = wiring.receiver.traffic if wiring.receiver else None
        self._stream = wiring.stream
        self._session = wiring.session
        self._owner = owner
        self._reaction: ReactionMeter | None = None
        self._health_s = 0.0

    @property
    def words(self) -> str:
        """Where to find the page, for people."""
        where = self.name.removeprefix("dashboard ")
        code = f", and type the code {spaced(self._code)}" if self._code else ""
        return f"open {where} in a browser{code}"

    def introduce(self, about: About, reaction: ReactionMeter | None = None) -> None:
        """Say what pages have to know before anything is heard, and where reaction is measured."""
        self._reaction = reaction
        if self._link is not None:
            self._link.keep(Introduce(self._stream, about, __version__, self._session))

    def look_with(self, settings: SensorConfig | None) -> None:
        """How to look at faces with the cameras that pages lend: ``[sensors.camera]``, if given."""
        if self._link is not None and isinstance(settings, camera.Config):
            self._link.camera.settings = settings

    def send(self, messages: Sequence[Message]) -> None:
        """Pass ``messages`` on."""
        if self._link is None or not messages:
            return
        said = tuple((signal.name, args) for signal, args in messages)
        if self._link.tell(Values(self._stream, said)):
            self.sent += len(said)
        else:
            self.errors += len(said)
        self.detail = self._link.trouble

    def obey(self, command: Command) -> None:
        """Show what somebody has turned."""
        name = type(command).__name__
        if self._link is None or name not in TURNED:
            return
        turned = Turned(self._stream, name, msgspec.to_builtins(command))
        if name == "Mark":
            self._link.tell(turned)
        else:
            self._link.keep(turned)

    def observe(self, now: Snapshot) -> None:
        """Show how things stand; of other streams, nothing."""
        if self._link is None or now.stream != self._stream:
            return
        if bands := self.spectrum.take():
            self._link.tell(Column(self._stream, bands))
        now_s = time.monotonic()
        if now_s < self._health_s:
            return
        self._health_s = now_s + HEALTH_S
        outputs = tuple(OutputHealth(*output) for output in now.outputs)
        traffic = self._traffic
        self._link.tell(
            Health(
                self._stream,
                round(now.elapsed_s, 2),
                now.stats,
                tuple(self._reaction.summary()[1:]) if self._reaction else (),
                outputs,
                traffic.counts() if traffic else {},
                traffic.detail if traffic else "",
            )
        )

    def close(self) -> None:
        """End the page; a second call does nothing."""
        link, self._link = self._link, None
        if link is not None and self._owner:
            link.close()
            for session in [session for session, kept in _serving.items() if kept[0] is link]:
                del _serving[session]


class _Addresses:
    """Addresses of inlets in a run, by stream and name.

    Parameters
    ----------
    prefix : str
        What they start with.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def __call__(self, stream: str, name: str) -> str:
        return "/".join(filter(None, (self._prefix, stream, name)))


_serving: dict[str, tuple[PageLink, str]] = {}
"""Of runs with several streams, which share a page: by session."""


def open(config: Config, wiring: Wiring = ALONE) -> DashboardOutput:
    """Serve the page, or join the stream that does.

    Raises
    ------
    SettingsError
        An address that is none, or one in the network without ``--lan``; no such certificate.
    DeviceError
        The port cannot be had.
    MissingExtraError
        The web server is not installed.
    """
    if wiring.stream and wiring.session in _serving:
        link, place = _serving[wiring.session]
        return DashboardOutput(link, wiring, place, owner=False)
    host, port = parse_address(config.address, lan=wiring.lan)
    lan = not is_this_machine(host)
    key = signing_key() if lan else b""
    prefix = wiring.prefix.removesuffix(f"/{wiring.stream}") if wiring.stream else wiring.prefix
    certificate = config.certificate, config.certificate_key
    _check_certificate(*certificate)
    allow = wiring.allow if lan else ()
    request = Serve(host, port, lan, allow, key, *certificate)
    link = PageLink(request, wiring.receiver, _Addresses(prefix))
    place = f"{'https' if config.certificate else 'http'}://{shown_host(host)}"
    if wiring.stream:
        _serving[wiring.session] = link, place
    return DashboardOutput(link, wiring, place)


def _check_certificate(certificate: str, key: str) -> None:
    """Check that a page can be served with it. Raises `SettingsError`."""
    if not certificate:
        return
    import ssl

    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            certificate, key or None, _no_password
        )
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"[outputs.dashboard] certificate {certificate!r} cannot be used with key "
            f"{key or certificate!r}: {error}. Both are PEM files, and the key has no password."
        ) from None


def _no_password() -> str:
    """What is said when a key asks for a password: without it, people would be asked for one."""
    return ""


def parse_address(text: str, *, lan: bool) -> tuple[str, int]:
    """Read ``HOST:PORT``, ``HOST``, ``:PORT`` or ``PORT``; nothing is the usual place.

    Raises
    ------
    SettingsError
        It is none, or other machines could reach it although ``lan`` is false.
    """
    host, colon, port_text = text.strip().rpartition(":")
    if not colon:
        host, port_text = ("", port_text) if port_text.isdecimal() else (port_text, "")
    host = host.strip("[]") or (EVERYWHERE if lan else HOST)
    port = int(port_text) if port_text.isascii() and port_text.isdecimal() else PORT_PAGE
    if (port_text and not port_text.isdecimal()) or port > 65535 or not _is_address(host):
        raise SettingsError(
            f"{text!r} is no place for the page: write HOST:PORT with an address of this machine, "
            f"for example {HOST}:{PORT_PAGE}."
        )
    if not lan and not is_this_machine(host):
        raise SettingsError(
            f"the page at {host} could be reached by other machines: give --lan if that is meant."
        )
    return host, port


def shown_host(host: str) -> str:
    """A host as people type it elsewhere."""
    return own_address() if host == EVERYWHERE else f"[{host}]" if ":" in host else host


def _is_address(host: str) -> bool:
    try:
        return host == "localhost" or bool(ipaddress.ip_address(host))
    except ValueError:
        return False
