"""The recorded sound heard once more: does the analysis say what it said?

Conventions
-----------
The analysis has no clock: of the same samples it says the same, however they come in blocks
(`oscbridge.analyzer`). What was recorded of it is therefore looked for, state by state and event by
event, in what it says of the sound now. It is less than all: of states that come faster than they
are said, the record has the newest. Where corrections of a profile have moved what the model said
(`oscbridge.profile`), of a state and of a section only what they leave as it is can be compared:
when it was, what was heard and how surely it was music.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dsp.types import AudioBlock
from models.types import AffectState
from oscbridge.analyzer import Analyzer
from oscbridge.errors import InputError
from oscbridge.events import (
    Beat,
    Boundary,
    MaybeBoundary,
    Novelty,
    SegmentEnded,
    SignalLevel,
    Tempo,
    Withdrawn,
)
from oscbridge.orders import Learned
from oscbridge.recorded.lines import as_plain
from oscbridge.recorded.reader import Begun, Missing, Turn
from oscbridge.recorded.replay import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import soundfile

    from oscbridge.config import Config
    from oscbridge.events import Event, State
    from oscbridge.recorded.reader import Passage

HEARD = (
    *(AffectState, SignalLevel, Novelty, Tempo),
    *(MaybeBoundary, Withdrawn, Boundary, SegmentEnded, Beat),
)
"""What an analysis says of sound."""
BLOCK = 4096


class Rehearing(NamedTuple):
    """What came of it: results of the analysis in the record, how many are said of the sound now,
    the first that is not (empty where there is none), and whether a profile had corrected them.
    """

    recorded: int
    again: int
    missing: str
    corrected: bool


def rehear(passage: Passage, on_progress: Callable[[float, float], None]) -> Rehearing:
    """Hear the sound of a session once more.

    Parameters
    ----------
    passage : Passage
        The session.
    on_progress : callable
        Gets the seconds heard and the seconds that there are.

    Raises
    ------
    InputError
        It has no sound, or that cannot be read; or a line is damaged.
    """
    happenings = list(passage.happenings())
    begun = next((one for one in happenings if isinstance(one, Begun)), None)
    if begun is None or begun.audio is None:
        raise InputError(f"{str(passage.path)!r} has no sound (run --record FILE --record-audio).")
    gaps = [one for one in happenings if isinstance(one, Missing)]
    config = settings_of(passage, begun)
    turns = [one for one in happenings if isinstance(one, Turn)]
    came = [result for turn in turns for result in (*turn.states, *turn.events)]
    corrected = any(isinstance(one, Learned) and one.corrections > 0 for one in came)
    recorded = [result for result in came if isinstance(result, HEARD)]
    kept = _uncorrected if corrected else _whole
    said = _hear(passage, begun, config, gaps, on_progress)
    heard = {_bytes(kept(result)) for result in said}
    lacking = [result for result in recorded if _bytes(kept(result)) not in heard]
    first = str(lacking[0]) if lacking else ""
    return Rehearing(len(recorded), len(recorded) - len(lacking), first, corrected)


def _hear(
    passage: Passage,
    begun: Begun,
    config: Config,
    gaps: Sequence[Missing],
    on_progress: Callable[[float, float], None],
) -> Iterator[State | Event]:
    """All that the analysis says of the sound."""
    import soundfile

    path = passage.path.with_name(begun.audio or "")
    try:
        with soundfile.SoundFile(path) as file:
            rate, frames = file.samplerate, file.frames
            analyzer = Analyzer(rate, model=config.analysis.model, segments=config.segments)
            for block in _blocks(file, gaps):
                yield from analyzer.push(block)
                on_progress(block.stop / rate, frames / rate)
            yield from analyzer.finish()
    except (OSError, soundfile.LibsndfileError) as error:
        raise InputError(f"the sound of the session cannot be read: {error}.") from None


def _blocks(file: soundfile.SoundFile, gaps: Sequence[Missing]) -> Iterator[AudioBlock]:
    """The sound in blocks, each gap before the block that came after it."""
    rate, frames = file.samplerate, file.frames
    lost = {gap.at: gap.samples for gap in gaps if gap.at < frames}
    place = start = 0
    for stop in (*sorted(lost), frames):
        while place < stop:
            gap = lost.pop(place, 0)
            samples = file.read(min(BLOCK, stop - place), "float32")
            block = AudioBlock(samples, start + gap, rate, gap)
            yield block
            start, place = block.stop, place + len(samples)


def _whole(result: State | Event) -> State | Event:
    return result


def _uncorrected(result: State | Event) -> State | Event:
    """What of a result no correction moves."""
    if isinstance(result, SegmentEnded):
        return replace(result, valence=0.0, arousal=0.0, quadrant=0, confidence=0.0)
    if not isinstance(result, AffectState):
        return result
    nowhere = (0.0, 0.0, 0.0, 0.0)
    return replace(result, valence=0.0, arousal=0.0, confidence=0.0, quadrant_probabilities=nowhere)


def _bytes(result: State | Event) -> bytes:
    return msgspec.json.encode(as_plain(result))
