"""What is done about a call by who knows the run: answers, subscriptions, the user's words.

Conventions
-----------
As in `oscbridge.inbound.actions`, to which everything else goes: an action returns commands, or
raises `Refused`, whose text goes to the sender.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from oscbridge import __version__, mapping
from oscbridge.errors import SettingsError
from oscbridge.inbound import actions
from oscbridge.inbound.call import Refused
from oscbridge.inbound.teaching import Teaching
from oscbridge.inbound.words import point_of_word
from oscbridge.inlets import PROFILES
from oscbridge.midi.table import LEARNABLE
from oscbridge.orders import Felt, Learn, Refresh, UsePreset
from oscbridge.protocol import PROTOCOL, SIGNALS, signal_of
from oscbridge.sensors.base import Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.inbound.actions import Action
    from oscbridge.inbound.answers import Answers
    from oscbridge.inbound.call import Call
    from oscbridge.inbound.port import Port
    from oscbridge.inbound.receiver import Stream
    from oscbridge.inbound.subscriptions import Subscriptions
    from oscbridge.inbound.translation import Translation
    from oscbridge.orders import Command
    from oscbridge.sensors.base import Sensor, Step

NEXT, STOP = "next", "stop"
"""Instead of the name of an output, to learn the one after it, and none any more."""
WITHOUT_NAMES = frozenset({"wek", "mood", "vrchat"})
"""Profiles whose words have no room for the names of several streams."""


class Reception:
    """Carries calls out.

    Parameters
    ----------
    answers : Answers
        Says what is answered.
    subscriptions : Subscriptions
        Keeps who is told everything.
    port : Port, optional
        Where we listen ourselves.
    session : str
        Id of the run.

    Attributes
    ----------
    streams : dict of str to Stream
        Who is told what a call leads to, by name.
    translations : list of Translation
        What is heard in words of its own, and may have to find anew what is neutral.
    sensors : list of Sensor
        Who tells how the player feels.
    teaching : Teaching
        Has the user's profile learn.
    """

    def __init__(
        self, answers: Answers, subscriptions: Subscriptions, port: Port | None, session: str
    ) -> None:
        self.streams: dict[str, Stream] = {}
        self.translations: list[Translation] = []
        self.sensors: list[Sensor] = []
        self.teaching = Teaching(answers, self.streams)
        self._answers = answers
        self._subscriptions = subscriptions
        self._port = port
        self._session = session
        self._actions: dict[str, Action] = {
            **actions.ACTIONS,
            **self.teaching.actions,
            "ping": self._ping,
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "in/affect/emotion": self._feel_word,
            "in/affect/calibrate": self._calibrate,
            "in/preset": self._use_preset,
            "in/learn": self._learn,
            "in/request/ack": self._acknowledge,
        }

    def commands_of(self, call: Call) -> Sequence[Command]:
        """Commands that a call leads to. Raises `Refused` where it cannot be done."""
        name = call.inlet.name
        action = self._actions.get(name)
        if action is not None:
            return action(call)
        for sensor in self.sensors:
            if name in sensor.inlets:
                return _sense(sensor, call)
        raise Refused(f"not yet: {call.inlet.description}")

    def _ping(self, call: Call) -> Sequence[Command]:
        if call.sender.address is not None:
            self._subscriptions.renew(call.sender.address[0])
        self._answers.reply(call.sender, SIGNALS["pong"], call.values[0], self._session)
        return ()

    def _subscribe(self, call: Call) -> Sequence[Command]:
        host, port = _sender(call)
        texts = [value for value in call.values if isinstance(value, str)]
        numbers = [int(value) for value in call.values if not isinstance(value, str)]
        host = texts[0] if texts else host
        port = numbers[0] if numbers else port
        profile = texts[1] if len(texts) > 1 else PROFILES[0]
        lasting = len(numbers) > 1
        if profile in WITHOUT_NAMES and len(self.streams) > 1:
            raise Refused(f"{profile!r} has no room for the names of several streams")
        if self._port is not None and self._port.is_own((host, port)):
            raise Refused(f"{host}:{port} is where oscbridge itself listens")
        subscriber = self._subscriptions.add(host, port, profile, _sender(call)[0], lasting=lasting)
        if profile not in WITHOUT_NAMES:
            self._answers.answer(
                subscriber.address, SIGNALS["hello"], __version__, self._session, PROTOCOL
            )
        return [Refresh()]

    def _unsubscribe(self, call: Call) -> Sequence[Command]:
        host, port = _sender(call)
        if call.values:
            host, port = str(call.values[0]), int(call.values[1])
        self._subscriptions.remove(host, port, _sender(call)[0])
        return ()

    def _feel_word(self, call: Call) -> Sequence[Command]:
        word = str(call.values[0])
        weight = float(call.values[1]) if len(call.values) > 1 else 1.0
        profile = self.teaching.profile
        point = profile.point_of(word) or point_of_word(word, profile.words())
        if point is None:
            raise Refused(f"{word!r} is no word for an emotion that is known here")
        return [Felt(actions.source_of(call, word.casefold()), *point, weight)]

    def _calibrate(self, call: Call) -> Sequence[Command]:
        step = cast("Step", call.values[0])
        found = [sensor.calibrate(step) for sensor in self.sensors]
        found += [translation.calibrate(step) for translation in self.translations]
        if not any(found):
            raise Refused("nobody is heard who could be calibrated, or not for long enough")
        return ()

    def _use_preset(self, call: Call) -> Sequence[Command]:
        name, known = str(call.values[0]), mapping.preset_names()
        if name not in known:  # a path is for who sits at this machine
            raise Refused(f"no preset {name!r}; there are {', '.join(known)}")
        try:
            preset = mapping.load_preset(name)
        except SettingsError as error:
            raise Refused(str(error)) from None
        if len(self.streams) > 1 and not preset.plain:
            raise Refused(f"{name!r} has no room for the names of several streams")
        return [UsePreset(name)]

    def _learn(self, call: Call) -> Sequence[Command]:
        output = str(call.values[0])
        sweep = bool(call.values[1]) if len(call.values) > 1 else True
        if signal_of(output) is None and output not in (*LEARNABLE, NEXT, STOP):
            raise Refused(f"there is no output {output!r} to learn")
        return [Learn(None if output == STOP else output, sweep)]

    def _acknowledge(self, call: Call) -> Sequence[Command]:
        last = max(
            (self.streams[n].last_request for n in call.streams if n in self.streams), default=0
        )
        if not 1 <= int(call.values[0]) <= last:
            newest = f"the newest is {last}" if last else "nothing has been asked for yet"
            raise Refused(f"there is no request {call.values[0]}: {newest}")
        return actions.ACTIONS[call.inlet.name](call)


def _sense(sensor: Sensor, call: Call) -> Sequence[Command]:
    told = Told(call.inlet.name, call.values, call.name, actions.source_of(call))
    try:
        return sensor.hear(told)
    except ValueError as error:
        raise Refused(str(error)) from None


def _sender(call: Call) -> tuple[str, int]:
    if call.sender.address is None:
        raise Refused("only who speaks to us by UDP can be subscribed")
    return call.sender.address
