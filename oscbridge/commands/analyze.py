"""``oscbridge analyze``: audio and MIDI files in, a table, JSON lines or a picture out.

Conventions
-----------
The records are those of `oscbridge.offline.records`. Files are analysed one after the other in this
process; a bad one is one line on stderr, the others are analysed all the same, and the exit status
is 2 at the end. Standard output holds results only; progress and complaints go to standard error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import block_size, channel_numbers
from oscbridge.commands.options import (
    add_config_argument,
    add_model_argument,
    add_segment_arguments,
)
from oscbridge.commands.settings import settings_of
from oscbridge.errors import OscbridgeError, SettingsError
from oscbridge.standard_streams import complain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from models.base import AffectModel
    from oscbridge.config import Config
    from oscbridge.offline.job import Job
    from oscbridge.offline.report import Report
    from oscbridge.profile import Profile

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
  oscbridge analyze song.wav --labels song.txt        the sections as an Audacity label track
  oscbridge analyze song.wav --labels song.csv --labels-format reaper    as regions of REAPER
  oscbridge analyze set.flac --split pieces --sensitivity 0.3    one file a section, fewer cuts
  oscbridge analyze song.mp3 --model cnn_svm --lyrics song.txt
  oscbridge analyze song.wav --profile anna          as Anna hears it
  oscbridge analyze --json song.mp3 | jq 'select(.type == "boundary") | .time_s'

JSON lines (times in seconds from the start of the file, valence and arousal -1..1,
quadrant 1 +V+A, 2 -V+A, 3 -V-A, 4 +V-A, 0 unknown):
  affect    time_s valence arousal confidence quadrant label        6 a second
  boundary  time_s decided_s strength          where a section begins, when that was known
  beat      time_s index bar tempo_bpm confidence      bar: null where none begins
  segment   start_s end_s valence arousal quadrant label
  summary   duration_s valence arousal quadrant label quadrant_probabilities realtime_factor model
Every line also has "type" and "file". The same file gives the same lines on every run and for every
block size; only realtime_factor, which is a measurement, differs.

--plot OUT.png and --labels OUT.txt with several files write OUT-NAME.png and OUT-NAME.txt for each
file NAME.EXT. --labels replaces a file only with --force, --split never does. REAPER: set the ruler
to minutes:seconds, then View > Region/Marker Manager > Options > Import regions/markers.
--split writes DIR/NAME-01-happy.EXT and so on, with rate, channels and sample format of the file,
cut to the sample: the pieces one after the other are the file. Formats that lose with every
encoding (MP3, OGG) become WAV in 32-bit floating point instead."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge analyze``."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="audio or MIDI file")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument(
        "--plot", type=Path, metavar="OUT.png", help="draw the course over time (png, svg or pdf)"
    )
    group = parser.add_argument_group("for editors")
    group.add_argument(
        "--labels",
        type=Path,
        metavar="OUT",
        help="write the sections for another program: .txt Audacity, .csv table, .jams, .cue",
    )
    group.add_argument(
        "--labels-format",
        metavar="NAME",
        help="what --labels writes where the ending does not say it: audacity, csv, jams, cue, "
        "reaper (regions), reaper-markers",
    )
    group.add_argument("--force", action="store_true", help="let --labels replace files")
    group.add_argument(
        "--split",
        type=Path,
        metavar="DIR",
        help="cut the file at the boundaries into DIR, lossless; replaces nothing",
    )
    add_segment_arguments(parser)
    add_model_argument(parser)
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="as this listener hears it: corrections and words of 'oscbridge labels'",
    )
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
        An unknown model or profile, lyrics for several files, or what could never be written.
    InputError
        Lyrics that cannot be read.
    MissingExtraError
        ``--plot`` without matplotlib.
    """
    job = _build_job(args)
    report = _open_report(as_json=args.json)
    status = 0
    for number, path in enumerate(args.files):
        try:
            job.analyse(number, path, report)
        except OscbridgeError as error:  # of this file or what it becomes: the others do not care
            complain(str(error))
            status = 2
    report.finish()
    return status


def _build_job(args: argparse.Namespace) -> Job:
    """Settle what all files share, and refuse what could never be written."""
    from oscbridge.offline import destinations
    from oscbridge.offline.job import Job, Wanted
    from oscbridge.offline.records import Listening
    from oscbridge.offline.score import is_score
    from oscbridge.sources.settings import SourceSettings

    wanted = Wanted(
        pictures=destinations.picture_paths(args.plot, args.files),
        sheets=destinations.sheet_paths(args.labels, args.files, replace=args.force),
        sheet_format=destinations.sheet_format(args.labels, args.labels_format),
        pieces=destinations.piece_stems(args.split, args.files),
        folder=args.split,
    )
    config = settings_of(args)
    profile = _profile_of(args, config)
    how = Listening(
        SourceSettings(block_size=config.source.block_size, channels=config.source.channels),
        profile.words() if profile else config.labels,
        config.analysis.model,
        config.segments,
        _lyrics_of(args),
        profile,
    )
    if not all(is_score(path) for path in args.files):  # notes need no kernels
        from oscbridge.warmup import prepare_kernels

        prepare_kernels(config)
    return Job(how, wanted, shows_progress=not (args.json and sys.stdout.isatty()))


def _profile_of(args: argparse.Namespace, config: Config) -> Profile | None:
    """The profile that files are heard with; none where none is named.

    Raises
    ------
    SettingsError
        There is none of that name, or it belongs to other models than those that will hear.
    """
    if args.profile is None:
        return None
    from oscbridge.offline.score import is_score, note_model_for
    from oscbridge.profile import Profile
    from oscbridge.profiles.folder import base_of
    from oscbridge.profiles.opening import look_for

    model = config.analysis.model
    models = {note_model_for(model) if is_score(path) else model for path in args.files}
    found = look_for(args.profile, *map(base_of, sorted(models)))
    if found.news:
        complain(found.news)
    return Profile(found.keeper, found.course, config.labels)


def _open_report(*, as_json: bool) -> Report:
    if as_json:
        from oscbridge.offline.report import JsonReport

        return JsonReport(sys.stdout)
    from oscbridge.offline.table_report import TableReport

    return TableReport(sys.stdout)


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
