"""``oscbridge analyze``: audio and MIDI files in, a table, JSON lines or a picture out.

Conventions
-----------
The records are those of `oscbridge.offline.records`. Files are analysed one after the other in this
process; a bad one is one line on stderr, the others are analysed all the same, and the exit status
is 2 at the end. Standard output holds results only; progress and complaints go to standard error.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import block_size, channel_numbers
from oscbridge.commands.settings import (
    add_config_argument,
    add_model_argument,
    add_segment_arguments,
    settings_of,
)
from oscbridge.errors import MissingExtraError, OscbridgeError, SettingsError
from oscbridge.standard_streams import complain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from models.base import AffectModel
    from oscbridge.offline.plot import Picture
    from oscbridge.offline.records import Record
    from oscbridge.offline.report import Report

PICTURE_FORMATS = (".png", ".svg", ".pdf")

DESCRIPTION = """\
Analyse audio files (WAV, FLAC, OGG Vorbis and Opus, MP3) on the same path as live sound, as fast as
the machine can: valence and arousal over time, where new sections begin, and a summary.
MIDI files (.mid) are analysed from their notes alone, by a model of their own and without any
sound: the same output, but as one section, because notes alone are not cut."""

EXAMPLES = """\
examples:
  oscbridge analyze song.flac                         a table
  oscbridge analyze --plot song.png song.flac         and a picture
  oscbridge analyze score.mid                         from the notes, no soundfont needed
  oscbridge analyze score.mid --model lstm_attention_notes
  oscbridge analyze --json *.mp3 > results.jsonl      one JSON object a line
  oscbridge analyze song.mp3 --model cnn_svm --lyrics song.txt
  oscbridge analyze --json song.mp3 | jq 'select(.type == "boundary") | .time_s'

JSON lines (times in seconds from the start of the file, valence and arousal -1..1,
quadrant 1 +V+A, 2 -V+A, 3 -V-A, 4 +V-A, 0 unknown):
  affect    time_s valence arousal confidence quadrant label        6 a second
  boundary  time_s decided_s strength          where a section begins, when that was known
  segment   start_s end_s valence arousal quadrant label
  summary   duration_s valence arousal quadrant label quadrant_probabilities realtime_factor model
Every line also has "type" and "file". The same file gives the same lines on every run and for every
block size; only realtime_factor, which is a measurement, differs.

--plot OUT.png with several files writes OUT-NAME.png for each file NAME.EXT."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge analyze``."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="audio or MIDI file")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument(
        "--plot", type=Path, metavar="OUT.png", help="draw the course over time (png, svg or pdf)"
    )
    add_segment_arguments(parser)
    add_model_argument(parser)
    parser.add_argument(
        "--lyrics",
        type=Path,
        metavar="WORDS.txt",
        help="the words of the song, for a model that reads (cnn_svm); English",
    )
    parser.add_argument(
        "--block-size",
        type=block_size,
        metavar="N",
        help="samples taken in at once; changes the speed, never the result",
    )
    parser.add_argument(
        "--channels", type=channel_numbers, metavar="1,2", help="channels to mix (default: all)"
    )
    add_config_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Analyse all files; return 0, or 2 if one of them could not be analysed.

    Raises
    ------
    SettingsError
        An unknown model, lyrics for several files, or a picture that could never be written.
    InputError
        Lyrics that cannot be read.
    MissingExtraError
        ``--plot`` without matplotlib.
    """
    pictures = picture_paths(args.plot, args.files) if args.plot is not None else {}
    job = Job(args)
    report = _open_report(as_json=args.json)
    status = 0
    for number, path in enumerate(args.files):
        try:
            job.analyse(path, report, pictures.get(number))
        except OscbridgeError as error:  # of this file or its picture: the others do not care
            complain(str(error))
            status = 2
    report.finish()
    return status


def _open_report(*, as_json: bool) -> Report:
    if as_json:
        from oscbridge.offline.report import JsonReport

        return JsonReport(sys.stdout)
    from oscbridge.offline.table_report import TableReport

    return TableReport(sys.stdout)


class Job:
    """What all files of one call share: settings, labels and the model's name."""

    def __init__(self, args: argparse.Namespace) -> None:
        from oscbridge.offline.records import Listening
        from oscbridge.offline.score import is_score
        from oscbridge.sources.settings import SourceSettings
        from oscbridge.warmup import prepare_kernels

        config = settings_of(args)
        accompany = _lyrics_of(args)
        if not all(is_score(path) for path in args.files):  # notes need no kernels
            prepare_kernels(config)
        self._how = Listening(
            SourceSettings(block_size=config.source.block_size, channels=config.source.channels),
            config.labels,
            config.analysis.model,
            config.segments,
            accompany,
        )
        self._bar: bool = not (args.json and sys.stdout.isatty())

    def analyse(self, path: str, report: Report, picture_path: Path | None) -> None:
        """Analyse one file into ``report`` and, if wanted, into a picture.

        Raises
        ------
        InputError
            The file cannot be analysed.
        SettingsError
            The model is unknown, or the picture cannot be written.
        """
        from oscbridge.offline.progress import progress_bar

        picture: Picture | None = None
        if picture_path is not None:
            from oscbridge.offline.plot import Picture

            picture = Picture(self._how.labels)
        try:
            with progress_bar(path, shown=self._bar) as tick:
                for record in self._records(path, picture, tick):
                    report.add(record)
                    if picture is not None and picture_path is not None:
                        picture.add(record)
                        if record["type"] == "summary":
                            picture.save(picture_path)
        finally:
            report.end_file()

    def _records(
        self, path: str, picture: Picture | None, tick: Callable[[float, float], None]
    ) -> Iterator[Record]:
        """Yield the records of a file, by its kind."""
        from oscbridge.offline.score import analyse_score, is_score

        if is_score(path):
            on_notes = picture.add_notes if picture is not None else None
            return analyse_score(
                path,
                self._how.labels,
                model=self._how.model,
                on_notes=on_notes,
                on_progress=tick,
            )
        from oscbridge.offline.records import analyse_file

        return analyse_file(
            path,
            self._how,
            on_frames=picture.add_frames if picture is not None else None,
            on_progress=tick,
        )


def _lyrics_of(args: argparse.Namespace) -> Callable[[AffectModel], AffectModel] | None:
    """What tells the model the lyrics that were given.

    Raises
    ------
    InputError
        They cannot be read.
    SettingsError
        They cannot belong to what is analysed.
    """
    if args.lyrics is None:
        return None
    from oscbridge.offline.lyrics import load_lyrics
    from oscbridge.offline.score import is_score

    if len(args.files) != 1 or is_score(args.files[0]):
        raise SettingsError("--lyrics belongs to one sound file: give exactly one.")
    return load_lyrics(args.lyrics)


def picture_paths(wanted: Path, files: list[str]) -> dict[int, Path]:
    """Choose the picture of each file by its number: ``OUT.png``, with several ``OUT-NAME.png``.

    Raises
    ------
    SettingsError
        The format is unknown, the folder is not there, or the picture cannot be written.
    MissingExtraError
        matplotlib is not installed.
    """
    if wanted.suffix.lower() not in PICTURE_FORMATS:
        raise SettingsError(
            f"--plot writes {', '.join(PICTURE_FORMATS)}; {str(wanted)!r} ends with none of them."
        )
    if not wanted.parent.is_dir():
        raise SettingsError(f"--plot: there is no folder {str(wanted.parent)!r}.")
    if wanted.is_dir() or not os.access(wanted if wanted.exists() else wanted.parent, os.W_OK):
        raise SettingsError(f"--plot: {str(wanted)!r} cannot be written.")
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingExtraError("--plot", "matplotlib", "plot")
    if len(files) == 1:
        return {0: wanted}
    paths: dict[int, Path] = {}
    for number, file in enumerate(files):
        path = wanted.with_stem(f"{wanted.stem}-{Path(file).stem}")
        # Files of one name from two folders must not share a picture.
        if path in paths.values():
            path = path.with_stem(f"{path.stem}-{number + 1}")
        paths[number] = path
    return paths
