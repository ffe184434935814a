"""The game as a host: says what the player feels, is asked for music, plays it, and says so.

Conventions
-----------
It knows oscbridge by OSC alone, as any game would (`oscbridge.conversation`): it has itself told
what happens, and acts upon ``request/go`` from its own arguments. A request becomes a turn of the
band at the next point of the kind that is asked for; ``queued``, ``started`` and ``done`` are
acknowledged when they are so, by the position of the band.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oscbridge.play.score import BEAT, BEATS_A_BAR, BPM

if TYPE_CHECKING:
    from oscbridge.conversation import Conversation, Heard
    from oscbridge.labels import Labels
    from oscbridge.play.band import Band, Turn

FADE_BEATS = 4.0
TEMPO_EVERY_BARS = 2
"""The clock of a host counts for five seconds after its last word."""
NAME = "game"


class Order(NamedTuple):
    """A request that is being carried out."""

    id: int
    turn: Turn
    started: bool = False


class Host:
    """The music of the game, as the other side of the conversation.

    Parameters
    ----------
    conversation : Conversation
        With oscbridge.
    band : Band
        Plays what is asked for.
    labels : Labels
        The words by which quadrants are asked for.
    """

    def __init__(self, conversation: Conversation, band: Band, labels: Labels) -> None:
        self._conversation = conversation
        self._band = band
        self._quadrants = {labels.of(quadrant): quadrant for quadrant in (1, 2, 3, 4)}
        self._orders: list[Order] = []
        self._beat = -1

    def feel(self, valence: float, arousal: float) -> None:
        """Say what the player feels."""
        self._conversation.say("in/affect/va", valence, arousal, 1.0, NAME)

    def ask(self, valence: float, arousal: float) -> None:
        """Ask for other music."""
        self._conversation.say("in/request/make", valence, arousal)

    def take(self, heard: Heard) -> Order | None:
        """Do what is asked for, if that is it; what will be carried out."""
        match heard.name, heard.arguments:
            case "request/go", (int(number), str(label), str(quantise), *_):
                return self._carry_out(number, label, quantise)
            case "request/cancel", (int(number), *_):
                self._call_off(number)
            case _:
                pass
        return None

    def update(self) -> None:
        """Say how far the music is: beats, bars, turns."""
        position = self._band.position
        self._tell_clock(position // BEAT)
        for order in self._orders:
            if not order.started and position >= order.turn.start:
                self._acknowledge(order.id, "started")
            if position >= order.turn.stop:
                self._acknowledge(order.id, "done")
        self._orders = [
            order._replace(started=position >= order.turn.start)
            for order in self._orders
            if position < order.turn.stop
        ]

    def close(self) -> None:
        """Say that the music has stopped."""
        self._conversation.say("in/transport/playing", 0)

    def _carry_out(self, number: int, label: str, quantise: str) -> Order | None:
        quadrant = self._quadrants.get(label)
        if quadrant is None:  # the words have been changed while we play
            self._acknowledge(number, "rejected")
            return None
        turn = self._band.schedule(quadrant, quantise, FADE_BEATS)
        # One that waited gives its place to this one; one under way is overtaken.
        self._orders = [order for order in self._orders if order.started]
        order = Order(number, turn)
        self._orders.append(order)
        until_s = max(turn.start - self._band.position, 0) / self._band.sample_rate
        self._conversation.say("in/request/ack", number, "queued", until_s)
        return order

    def _call_off(self, number: int) -> None:
        waiting = [order for order in self._orders if not order.started and order.id == number]
        if waiting:
            self._band.cancel()
            self._orders.remove(waiting[0])

    def _acknowledge(self, number: int, state: str) -> None:
        self._conversation.say("in/request/ack", number, state)

    def _tell_clock(self, beat: int) -> None:
        if beat == self._beat:
            return
        if self._beat < 0:
            self._conversation.say("in/transport/playing", 1)
        self._beat = beat
        bar, into = divmod(beat, BEATS_A_BAR)
        if into == 0 and bar % TEMPO_EVERY_BARS == 0:
            self._conversation.say("in/transport/tempo", BPM)
        self._conversation.say("in/transport/beat", float(beat))
        if into == 0:
            self._conversation.say("in/transport/bar", bar)
