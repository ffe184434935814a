"""``oscbridge setup``: which program, which input, does it work? Then it is saved.

Conventions
-----------
Questions are asked where somebody sits at the terminal and an option has not answered them already;
an empty answer takes what stands in brackets. What is saved says only what was chosen
(`oscbridge.own_settings`), and only when a run starts with it.
"""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.errors import OscbridgeError
from oscbridge.terminal.questions import agrees, ask, choose

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from oscbridge.diagnosis.finding import Finding
    from presets.schema import Preset

DESCRIPTION = """\
Choose the program that shall be told and the sound that shall be heard, see that it works, and save
it: from then on 'oscbridge run' is enough. It asks; options answer beforehand."""

EXAMPLES = """\
examples:
  oscbridge setup
  oscbridge setup --preset touchdesigner --device "USB Audio"
  oscbridge setup --preset reaper --to 192.168.0.20:8000 --source demo --yes
  oscbridge setup --yes --no-test          save the defaults, try nothing

Nothing is changed before the end. The settings lie where this system keeps them; the environment
variable OSCBRIDGE_SETTINGS names another file. Which programs there are: oscbridge presets"""


@dataclass(frozen=True)
class Sound:
    """Something that can be heard: in words, as settings and as options of ``run``."""

    words: str
    lines: tuple[str, ...] = ()
    tables: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    options: tuple[str, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge setup``."""
    parser.add_argument("--preset", metavar="NAME", help="the program that shall be told")
    parser.add_argument("--to", metavar="HOST:PORT", help="where it listens")
    heard = parser.add_mutually_exclusive_group()
    heard.add_argument("--source", metavar="live|FILE|demo", help="what shall be heard")
    heard.add_argument("--device", metavar="NAME", help="the input that shall be heard")
    heard.add_argument("--midi-in", metavar="PORT", help="the keyboard that shall be heard")
    parser.add_argument("--no-test", action="store_true", help="save it untried")
    parser.add_argument("--yes", action="store_true", help="ask nothing")


def run(args: argparse.Namespace) -> int:
    """Ask, try, save; return 0.

    Raises
    ------
    OscbridgeError
        A choice that does not exist, or with which a run does not start.
    """
    asking = sys.stdin.isatty() and not args.yes
    preset = _choose_preset(args.preset, asking)
    target = _choose_target(args.to, preset, asking)
    sound = _choose_sound(args, asking)
    text = render(preset, target, sound)
    _check(text)
    if not args.no_test:
        fine = _rehearse(text, preset, target, asking=asking)
        if asking and not fine and not agrees("Save it all the same?"):
            print("Nothing was saved.")
            return 0
    from oscbridge import own_settings

    path = own_settings.save(text)
    options = [*_options(preset, target), *sound.options]
    print(f"\nsaved to {path}")
    print("from now on:   oscbridge run")
    print(f"which means:   {shlex.join(['oscbridge', 'run', *options])}")
    return 0


def render(preset: Preset, target: tuple[str, int], sound: Sound) -> str:
    """Text of the settings file."""
    lines = ["# Written by  oscbridge setup : run it again, or change what you like.", ""]
    lines += sound.lines
    for name, table in sound.tables.items():
        lines += ["", f"[{name}]", *table]
    lines += ["", "[outputs.osc]", f"preset = {json.dumps(preset.name)}"]
    if target != _own_target(preset):
        lines.append(f"to = [{json.dumps(_spoken(target))}]")
    return "\n".join(lines) + "\n"


def _check(text: str) -> None:
    """Read the settings as a run would; raises `SettingsError` where that fails."""
    import tempfile

    from oscbridge.config import load

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_text(text, encoding="utf-8")
        load(path)


def _options(preset: Preset, target: tuple[str, int]) -> list[str]:
    options = [] if preset.name == "default" else ["--preset", preset.name]
    return options if target == _own_target(preset) else [*options, "--to", _spoken(target)]


def _own_target(preset: Preset) -> tuple[str, int]:
    return preset.target.host, preset.target.port


def _spoken(target: tuple[str, int]) -> str:
    host, port = target
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _choose_preset(name: str | None, asking: bool) -> Preset:
    from oscbridge.mapping import LEARNS_MIDI, load_preset, preset_names

    known = preset_names()
    if name is None and asking:
        titles = [f"{known_one:<20} {load_preset(known_one).title}" for known_one in known]
        dj = ", ".join(LEARNS_MIDI.values())
        hint = f"  {dj} learn MIDI: take default here, then  oscbridge run --midi-out"
        place = choose(f"Which program shall be told?\n{hint}", titles, known.index("default"))
        name = known[place]
    preset = load_preset(name or "default")
    print(f"\n{preset.title or preset.name}")
    for number, step in enumerate(preset.install, start=1):
        print(f"  {number}. {step}")
    if preset.ask:
        print(f"  What it moves there you can pick:  oscbridge presets new --like {preset.name}")
    return preset


def _choose_target(to: str | None, preset: Preset, asking: bool) -> tuple[str, int]:
    from oscbridge.outputs.osc import parse_target

    own = _own_target(preset)
    if to is None and asking:
        to = ask("\nWhere does it listen? HOST:PORT", _spoken(own))
    return own if to is None else parse_target(to, own[1])


def _choose_sound(args: argparse.Namespace, asking: bool) -> Sound:
    if args.device is not None:
        return _device(args.device)
    if args.midi_in is not None:
        return _keyboard(args.midi_in)
    if args.source is not None:
        return _source(args.source)
    if not asking:
        return _source("live")
    sounds = [*_inputs(), _source("demo")]
    words = [*(sound.words for sound in sounds), "a sound file"]
    place = choose("What shall be heard?", words, 0)
    return sounds[place] if place < len(sounds) else _asked_file()


def _asked_file() -> Sound:
    while not Path(name := ask("path of the file", "song.flac")).expanduser().is_file():
        print(f"there is no file {name!r} here.")
    return _source(str(Path(name).expanduser()))


def _inputs() -> list[Sound]:
    """What can be chosen here, best first; says what is in the way of the rest."""
    from oscbridge.midi.child import list_ports
    from oscbridge.sources.capture_link import list_devices

    found: list[Sound] = []
    try:
        devices = list_devices()
        if not devices:
            print("\nno live input: there is none here; 'oscbridge doctor' says what is missing.")
        names = [device.name for device in devices]
        for device in sorted(devices, key=lambda device: not device.default):
            twice = names.count(device.name) > 1
            sound = _device(device.name, device.host_api if twice else None)
            hint = ", which hears what the computer plays" if device.records_output else ""
            found.append(replace(sound, words=sound.words + hint))
    except OscbridgeError as error:
        print(f"\nno live input: {error}")
    try:
        found += [_keyboard(name) for name in list_ports().inputs]
    except OscbridgeError as error:
        print(f"\nno keyboards: {error}")
    return found


def _device(name: str, host_api: str | None = None) -> Sound:
    said = {"device": name} | ({"host_api": host_api} if host_api else {})
    return Sound(
        f"{name} ({host_api})" if host_api else name,
        ('input = "live"',),
        {"source": tuple(f"{key} = {json.dumps(value)}" for key, value in said.items())},
        ("--device", name, *(("--host-api", host_api) if host_api else ())),
    )


def _keyboard(name: str) -> Sound:
    return Sound(
        f"keyboard {name}",
        ('input = "none"',),
        {"keyboard": (f"port = {json.dumps(name)}",)},
        ("--midi-in", name),
    )


def _source(name: str) -> Sound:
    words = "demo, the music that oscbridge brings along" if name == "demo" else name
    if Path(name).is_file():  # from wherever it is started
        name = str(Path(name).resolve())
    options = () if name == "live" else ("--source", name)
    return Sound(words, (f"input = {json.dumps(name)}",), {}, options)


def _rehearse(text: str, preset: Preset, target: tuple[str, int], *, asking: bool) -> bool:
    """Try the settings and show what comes of it; whether all is well."""
    from oscbridge.diagnosis.rehearsal import Rehearsal, check_target

    print("\ntrying it (a first start compiles for a minute or two) …", flush=True)
    with Rehearsal(text) as rehearsal:
        findings = [rehearsal.started, check_target(*target, preset.target.transport)]
        _show(findings)
        _show([found := rehearsal.check_input()])
        findings.append(found)
        print("  playing a test pattern: happy, tense, sad, relaxed, 2 s each …", flush=True)
        _show([found := rehearsal.play_pattern()])
        findings.append(found)
    fine = all(finding.verdict == "ok" for finding in findings)
    if asking and fine and not agrees(f"Did something move in {preset.title or preset.name}?"):
        print("  Look at the steps above, and at what it is told:  oscbridge monitor")
        return False
    return fine


def _show(findings: Sequence[Finding]) -> None:
    for finding in findings:
        mark = "✓" if finding.verdict == "ok" else "✗"
        print(f"  {mark} {finding.check:<20} {finding.detail}")
        if finding.remedy:
            print(f"{'':25}→ {finding.remedy}")
    sys.stdout.flush()
