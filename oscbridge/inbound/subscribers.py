"""The output to those who have subscribed: each in the words of its profile.

Conventions
-----------
``plain`` and ``bundle`` are our own addresses, one message a datagram or one bundle a moment;
``wek``, ``mood`` and ``vrchat`` are the words of presets; ``midi-only`` is for who gets everything
else by MIDI: the status, that we are alive, and requests. What is said to several subscribers of
one profile is packed once. This output also says, in ``detail``, what is wrong with what comes in.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from oscbridge import mapping
from oscbridge.hosts.speech import Speech
from oscbridge.hosts.target import udp_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.hosts.target import Target
    from oscbridge.inbound.port import Port
    from oscbridge.inbound.sender import Address
    from oscbridge.inbound.subscriptions import Subscriptions
    from oscbridge.orders import Command
    from oscbridge.protocol import Message

OWN_WORDS = "default"
PRESETS = {"wek": "wekinator-in", "mood": "mood-compat", "vrchat": "vrchat"}
"""Whose words the other profiles are."""
BESIDE_MIDI = ("hello", "heartbeat", "status", "request", "suggest")


class Subscribers:
    """Sends messages of one stream to whoever has subscribed.

    Parameters
    ----------
    subscriptions : Subscriptions
        Who has.
    port : Port
        From which everything leaves.
    prefix : str
        What the addresses of this stream start with.
    optional : sequence of str
        Opt-in signals that go out as well.
    trouble : callable
        What is wrong with what comes in, in words.
    """

    prompt = True  # the port never blocks

    def __init__(
        self,
        subscriptions: Subscriptions,
        port: Port,
        prefix: str,
        optional: Sequence[str] = (),
        trouble: Callable[[], str] = str,
    ) -> None:
        self.name = "subscribers"
        self.sent = 0
        self.errors = 0
        self.detail = ""
        self._subscriptions = subscriptions
        self._port = port
        self._prefix = prefix
        self._optional = optional
        self._trouble = trouble
        self._speeches: dict[str, Speech] = {}
        self._targets: dict[Address, Target] = {}
        self._closed = False

    def send(self, messages: Sequence[Message]) -> None:
        """Say ``messages`` to everyone, each in the words of its profile."""
        subscribers = self._subscriptions.current()
        if self._closed or not (subscribers or self._targets):
            self.detail = self._trouble()
            return
        now_s = time.monotonic()
        by_profile: dict[str, list[Target]] = {}
        targets: dict[Address, Target] = {}
        for one in subscribers:
            target = self._targets.get(one.address)
            if target is None:
                target = udp_target(self._port, one.address)
                self._greet(target, one.profile, now_s)
            targets[one.address] = target
            by_profile.setdefault(one.profile, []).append(target)
        self._targets = targets
        for profile, listeners in by_profile.items():
            said = _beside_midi(messages) if profile == "midi-only" else messages
            for datagram in self._speech(profile).say(said):
                for target in listeners:
                    target.send(datagram, now_s)
                    self.sent += 1
        for target in targets.values():
            before = target.errors
            target.update(now_s)
            self.errors += target.errors - before
        troubles = [f"{t.name}: {t.trouble}" for t in targets.values() if t.trouble]
        self.detail = "; ".join(filter(None, [self._trouble(), *troubles]))

    def obey(self, command: Command) -> None:
        """Nothing concerns this output: a preset is for the targets that the user names."""

    def close(self) -> None:
        """Say no more; the port is not ours to close."""
        self._closed = True

    def _greet(self, target: Target, profile: str, now_s: float) -> None:
        """Tell a new subscriber what its preset wants it to know first."""
        speech = self._speech(profile)
        for datagram in speech.pack(speech.words.connect(self._port.own.address[1])):
            target.send(datagram, now_s)

    def _speech(self, profile: str) -> Speech:
        speech = self._speeches.get(profile)
        if speech is None:
            preset = mapping.load_preset(PRESETS.get(profile, OWN_WORDS))
            words = mapping.Mapping(preset, prefix=self._prefix, optional=self._optional)
            speech = self._speeches[profile] = Speech(words, bundled=profile == "bundle")
        return speech


def _beside_midi(messages: Sequence[Message]) -> list[Message]:
    """What is said to those who get the rest by MIDI."""
    return [m for m in messages if m.signal.name.partition("/")[0] in BESIDE_MIDI]
