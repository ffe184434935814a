"""MIDI: controls and notes for programs that learn them, and what a controller says to us.

Conventions
-----------
`oscbridge.midi.table` is the map. Without a name the ports are virtual ones of ours, ``oscbridge
Out`` and ``oscbridge In``, which other programs see and connect to; a name that begins so is used
where the system knows no virtual ports (Windows with a loop-back driver). The ports are held by
processes (`oscbridge.midi.process`): nothing here ever waits for a MIDI system. A port that is lost
is taken up again, with all notes ended and everything said anew.

Where there is no MIDI, everything else runs, and ``name`` says why. A port that is named and not
there is a mistake.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge.errors import SettingsError
from oscbridge.midi.backend import PortChoice
from oscbridge.midi.child import error_of
from oscbridge.midi.encoder import EVENTS, NEEDED
from oscbridge.midi.keeper import PortKeeper
from oscbridge.midi.label_numbers import LabelNumbers
from oscbridge.midi.records import WATCH_S, Hear, LearnOrder, Say, Values
from oscbridge.midi.remote import Remote
from oscbridge.midi.table import CHANNEL, LEARNABLE, NEXT, STOP, learnable_after, where
from oscbridge.midi.watch import PortWatch
from oscbridge.orders import Learn
from oscbridge.outputs.base import ALONE, OutputConfig, Wiring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.orders import Command
    from oscbridge.protocol import Message, Value

OUT, IN = "oscbridge Out", "oscbridge In"
"""Names of our virtual ports."""
NONE = "none"


class Config(OutputConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which ports, and what is said there."""

    port: Annotated[
        str,
        msgspec.Meta(
            description=f"MIDI output, or a part of its name; empty: a virtual port, {OUT!r}"
        ),
    ] = ""
    control: Annotated[
        str,
        msgspec.Meta(
            description=f"MIDI input that controls us; empty: a virtual port, {IN!r}; or {NONE}"
        ),
    ] = ""
    channel: Annotated[int, msgspec.Meta(ge=1, le=16, description="for both, 1 to 16")] = CHANNEL
    fourteen_bit: Annotated[
        bool, msgspec.Meta(description="valence and arousal with their lower bits, CC 52 and 53")
    ] = False
    program_change: Annotated[
        bool, msgspec.Meta(description="program 0 to 3 for each new quadrant")
    ] = False
    leave: Annotated[
        bool, msgspec.Meta(description="leave controls where they are at the end, not neutral")
    ] = False


class MidiOutput:
    """Sends to a MIDI port; an `oscbridge.midi.keeper.PortUser`.

    ``sent`` counts messages of ours that mean something in MIDI.

    Parameters
    ----------
    config : Config
        Its settings.
    wiring : Wiring
        Who takes what a controller says.

    Raises
    ------
    DeviceError
        There is no port of the name that is wanted.
    SettingsError
        Several streams would share a port.
    """

    def __init__(self, config: Config, wiring: Wiring = ALONE) -> None:
        if wiring.stream and config.port:
            raise SettingsError(
                "streams cannot share a MIDI output: leave [outputs.midi] port empty, and each "
                f"has one of its own, {OUT!r} with its name."
            )
        self.sent = 0
        self.errors = 0
        self._channel = config.channel
        self._numbers = LabelNumbers()
        self._newest: dict[str, tuple[Value, ...]] = {}
        self._learned = ""
        self._sweep = True
        self._saying = threading.Lock()
        self._watch = PortWatch(WATCH_S)
        self._ports: list[PortKeeper] = []
        say = Say(
            _choice(config.port, OUT, wiring.stream),
            config.channel,
            config.fourteen_bit,
            config.program_change,
            config.leave,
        )
        try:
            self._out = self._keep(PortKeeper(say, self, self._watch))
            if wiring.receiver is not None and config.control != NONE:
                choice = _choice(config.control, IN, wiring.stream)
                remote = Remote(
                    wiring.receiver, wiring.prefix, config.channel, choice.name, self._after
                )
                self._keep(PortKeeper(Hear(choice), remote, self._watch))
        except BaseException:
            self.close()
            raise
        self._off = self._out.refused.detail if self._out.refused is not None else ""
        self.prompt = self._out.prompt
        self._watch.start()
        for port in self._ports:
            port.start()

    def _keep(self, port: PortKeeper) -> PortKeeper:
        """Take care of a port. Raises `DeviceError` where none has the name that was given."""
        self._ports.append(port)
        if port.refused is not None and port.refused.unknown:
            raise error_of(port.refused)
        return port

    @property
    def name(self) -> str:
        """What people see: the port, or why there is none."""
        if self.off:
            return f"MIDI (off: {self._off.rstrip('.')})"
        return f"MIDI {self._out.name}"

    @property
    def detail(self) -> str:
        """What is waited for, or what is learned."""
        if self.off:
            return ""
        if self._out.trouble:
            return f"MIDI: {self._out.trouble}"
        if self._learned:
            return f"MIDI: {self._learned} is being learned, {where(self._learned, self._channel)}"
        return ""

    @property
    def off(self) -> str:
        """Why the port was never open, a sentence; empty where it was."""
        if self._off and not self._out.trouble:
            self._off = ""
        return self._off

    def send(self, messages: Sequence[Message]) -> None:
        """Pass on what means something in MIDI."""
        named = [self._numbers.translate(signal, args) for signal, args in messages]
        said = [(name, args[: NEEDED[name]]) for name, args in named if name in NEEDED]
        said = [(name, args) for name, args in said if name != self._learned]
        if not said:
            return
        with self._saying:
            self._newest.update(pair for pair in said if pair[0] not in EVENTS)
            taken = self._out.order(Values(tuple(said)))
        if taken:
            self.sent += len(said)
        elif not self.off:
            self.errors += len(said)

    def obey(self, command: Command) -> None:
        """Learn, or learn no more."""
        if not isinstance(command, Learn):
            return
        name = command.output or STOP
        name = self._after() if name == NEXT else name
        with self._saying:
            self._learned, self._sweep = (name if name in LEARNABLE else ""), command.sweep
            self._out.order(LearnOrder(name, command.sweep))

    def close(self) -> None:
        """End all notes and let the ports go; a second call does nothing."""
        kept = (*self._ports, self._watch)
        for one in kept:
            one.leave()
        for one in kept:
            one.close()

    def heard(self, message: bytes, age_s: float) -> None:
        """An output hears nothing."""

    def started(self) -> None:
        """Say everything anew at a port that opens again."""
        with self._saying:
            self._out.order(Values(tuple(self._newest.items())))
            if self._learned:
                self._out.order(LearnOrder(self._learned, self._sweep))

    def lost(self) -> None:
        """``detail`` says it."""

    def look(self) -> None:
        """Nothing is due: the process keeps time."""

    def _after(self) -> str:
        """Name of what ``learn next`` means just now."""
        return learnable_after(self._learned) or STOP


def _choice(name: str, ours: str, stream: str) -> PortChoice:
    """The port that is named, or a virtual one of ours."""
    return PortChoice(name) if name else PortChoice(f"{ours} {stream}".strip(), virtual=True)


def open(config: Config, wiring: Wiring = ALONE) -> MidiOutput:
    """Open the ports. Raises `OscbridgeError` where one that is named is not there."""
    return MidiOutput(config, wiring)
