"""Play this next: requests for other music answered from the library while a run goes on.

Conventions
-----------
The analysis and whoever speaks are not disturbed: a `SuggestionOutput` sees, as any output does,
that the host is asked for other music, and only notes it; a thread of its own has the library in
memory before it is needed, chooses (`oscbridge.library.chooser`), and hands what it has chosen to
the stream as a command, as if somebody had said it. So it is said like everything else, and a
record holds it.

When the player skips what was suggested, the next best follows under the same id, as long as the
request stands. In a dry run the host is asked nothing, and nothing is suggested.
"""

from __future__ import annotations

import logging
import queue
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from oscbridge.errors import LibraryError, OscbridgeError
from oscbridge.library.place import default_path, opened
from oscbridge.orders import Skip
from oscbridge.protocol import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from oscbridge.library.settings import LibrarySettings
    from oscbridge.orders import Command
    from oscbridge.protocol import Message

_log = logging.getLogger(__name__)

READ_S = 1.0
"""How long the start waits for the library to be read, to say what is in it."""
STOP_S = 0.5
"""How long the end waits for a choice that is being made."""
OVER = frozenset({"rejected", "expired", "cancelled"})
"""States of a request after which nothing more is suggested for it."""

_REQUEST, _STATE = SIGNALS["request"], SIGNALS["request/state"]


class Wish(NamedTuple):
    """A request that is to be answered."""

    id: int
    valence: float
    arousal: float


class Receiver(Protocol):
    """Who is told what was chosen."""

    def put(self, results: Iterable[Command]) -> None:
        """Take commands."""
        ...


class SuggestionOutput:
    """Notes what one stream asks its host for.

    Parameters
    ----------
    suggester : Suggester
        Whose thread chooses.
    """

    prompt = True  # it notes, and waits for nothing

    def __init__(self, suggester: Suggester) -> None:
        self.name = "suggestions"
        self.sent = 0
        self.errors = 0
        self.detail = ""
        self.played: list[str] = []
        """Digests of what was suggested, the newest last; for the thread that chooses."""
        self.receiver: Receiver | None = None
        """Who is told; set when the stream is there."""
        self._suggester = suggester
        self._wish: Wish | None = None

    def send(self, messages: Sequence[Message]) -> None:
        """Note requests, and which of them are over."""
        for signal, args in messages:
            if signal is _REQUEST:
                number, valence, arousal, *_ = args
                self._wish = Wish(int(number), float(valence), float(arousal))
                self._suggester.ask(self, self._wish)
            elif signal is _STATE and self._wish and args[0] == self._wish.id and args[1] in OVER:
                self._wish = None

    def obey(self, command: Command) -> None:
        """Have the next best suggested where the player has skipped."""
        if isinstance(command, Skip) and self._wish is not None:
            self._suggester.ask(self, self._wish)

    def close(self) -> None:
        """Have nothing suggested any more; a second call does nothing."""
        self.receiver = self._wish = None


class Suggester:
    """The library of a run, and the thread that chooses from it.

    Parameters
    ----------
    settings : LibrarySettings
        Which library, and how to choose.
    model : str
        Name of the model that listens in this run.

    Raises
    ------
    LibraryError
        The library that is named is not there.
    """

    def __init__(self, settings: LibrarySettings, model: str) -> None:
        self._words = ""
        self._read = threading.Event()
        self._settings = settings
        self._model = model
        self._outputs: list[SuggestionOutput] = []
        self._trouble = ""
        self._asked: queue.SimpleQueue[tuple[SuggestionOutput, Wish] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        path = Path(settings.path).expanduser() if settings.path else default_path()
        if settings.suggest == "off" or not (settings.path or path.exists()):
            return
        if not path.exists():
            raise LibraryError(f"there is no library {str(path)!r}: oscbridge library add FOLDER")
        self._words = f"suggesting from {path}"
        self._thread = threading.Thread(
            target=self._run, args=(str(path),), name="suggester", daemon=True
        )
        self._thread.start()

    def words(self) -> str:
        """Lines for people: what is suggested from, if anything. Waits at most `READ_S`."""
        if self._thread is not None:
            self._read.wait(READ_S)
        return f"{self._words}\n" if self._words else ""

    def output(self) -> SuggestionOutput:
        """What notes the requests of a stream."""
        output = SuggestionOutput(self)
        self._outputs.append(output)
        output.detail = self._trouble  # the library may have failed before
        return output

    def ask(self, output: SuggestionOutput, wish: Wish) -> None:
        """Have a wish answered, soon; never waits."""
        if self._thread is not None:
            self._asked.put((output, wish))

    def close(self) -> None:
        """Choose no more; a second call does nothing."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._asked.put(None)
            thread.join(STOP_S)

    def _run(self, path: str) -> None:
        try:
            self._serve(path)
        except OscbridgeError as error:
            self._words = ""
            self._trouble = f"nothing is suggested: {error}"
            _log.warning("%s", self._trouble)
            for output in self._outputs:
                output.detail = self._trouble
            self._read.set()

    def _serve(self, path: str) -> None:
        from oscbridge.library.chooser import Chooser
        from oscbridge.library.hearer import hearer_of

        with opened(path) as library:
            chooser = Chooser(library, self._settings)
            for sentence in chooser.introduce(hearer_of(self._model)):
                _log.warning("%s", sentence)
            self._read.set()
            while (asked := self._asked.get()) is not None:
                output, wish = asked
                found = chooser.choose(wish.id, wish.valence, wish.arousal, output.played)
                if chooser.detail and chooser.detail != output.detail:
                    _log.warning("%s", chooser.detail)
                output.detail = chooser.detail
                if found is not None and (receiver := output.receiver) is not None:
                    receiver.put([found])
                chooser.refresh()
