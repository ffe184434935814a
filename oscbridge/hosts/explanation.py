"""A preset in words: what is sent when, what comes back, what to set up, what cannot be done.

Conventions
-----------
An explanation is a list of sections, each a heading and lines; a line that begins with two spaces
belongs to the one before it. Everything in it is read from the preset, so that it cannot say
anything else than what happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oscbridge.feeling.kinds import kind_of
from oscbridge.hosts.incoming import NUMBERS
from oscbridge.hosts.phrases import LOOKUP, PLACE
from oscbridge.inlets import INLETS
from oscbridge.protocol import SIGNALS, signal_of
from presets.schema import InboundPreset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from presets.schema import Hear, Heard, Map, On, Preset, Scalar, Sheet, Table, Trouble

_TRANSPORTS = {
    "udp": "over UDP",
    "tcp-slip": "over TCP (SLIP)",
    "waapi": "over a WebSocket (WAAPI)",
}
_OCCASIONS = {
    "request/go": "when other music is asked for",
    "quadrant/enter": "when the quadrant changes",
    "segment/boundary": "when a new section begins",
}
_POSITION = {"in/transport/beat", "in/transport/bar"}
_PLACE = "in/transport/place"
_KINDS = {"face": "face", **dict.fromkeys(("hr", "rr", "hrv", "eda"), "heart_rate"), "game": "game"}
"""Which kind of source tells by which inlet about the player; by the others somebody says it."""


class Section(NamedTuple):
    """A heading and what belongs under it."""

    title: str
    lines: list[str]


def explain(preset: Preset | InboundPreset) -> list[Section]:
    """Say in words what a preset does; sections without a line are left out."""
    sections = _listening(preset) if isinstance(preset, InboundPreset) else _telling(preset)
    sections += [
        Section("what you pick", _picks(preset)),
        Section("set it up", [f"{n}. {step}" for n, step in enumerate(preset.install, start=1)]),
        Section("not possible", list(preset.not_possible)),
        Section("to know", [" ".join(preset.notes.split())] if preset.notes else []),
        Section("tested with", [preset.tested_with]),
    ]
    return [section for section in sections if section.lines]


def where_it_listens(preset: Preset | InboundPreset) -> str:
    """Host and port of a preset, in one word."""
    if isinstance(preset, InboundPreset):
        return f"port {preset.listen.port}"
    return f"{preset.target.host}:{preset.target.port}"


def _telling(preset: Preset) -> list[Section]:
    target = preset.target
    where = [f"{target.host}:{target.port}, {_TRANSPORTS[target.transport]}"]
    if target.reply_port:
        where.append(f"its answers are heard on port {target.reply_port}")
    if target.host_latency_ms:
        where.append(_latency(preset))
    first = [_message(say.address, say.args, preset) for say in preset.connect.send]
    if preset.connect.redo:
        first.append(f"all of it again when the host says {' or '.join(preset.connect.redo)}")
    if preset.connect.announce:
        first.append("where oscbridge is, to this machine: the host looks for it by OSCQuery")
    said = _plainly(preset) if preset.plain else []
    for entry in preset.map:
        said += [_when_map(entry, preset), f"  {_mapped(entry, preset)}"]
    events: list[str] = []
    for event in preset.on:
        occasion = _when_on(event, preset)
        if occasion not in events[-3:]:
            events.append(occasion)
        events.append(f"  {_message(event.address, event.args, preset, event.event)}")
        if event.release is not None:
            after = f"{event.release_s:g} s later" if event.release_s else "at once after it"
            events.append(f"  {after}: {_message(event.address, event.release, preset)}")
    return [
        Section("sends to", where),
        Section("first of all", first),
        Section("all the time", said),
        Section("when something happens", events),
        Section("comes back", _heard(preset.readback, preset) + _started(preset)),
        Section("complaints that are shown", [_complaint(entry) for entry in preset.trouble]),
    ]


def _listening(preset: InboundPreset) -> list[Section]:
    listen = preset.listen
    found = ["VRChat, which finds oscbridge by OSCQuery"] if listen.announce else []
    return [
        Section("hears", [f"port {listen.port}", *found]),
        Section("means", _heard(preset.hear, preset)),
        Section("measured against", [listen.calibration]),
        Section("forgotten", [f"after {_lifetime(preset)} s without a word"]),
    ]


def _lifetime(preset: InboundPreset) -> str:
    """How long what is said of the player holds, seconds: one number, or the two ends."""
    kinds = [_KINDS.get(hear.to.split("/")[2], "osc") for hear in preset.hear]
    found = sorted(kind_of(kind).lifetime_s for kind in kinds)
    return " to ".join(f"{seconds:g}" for seconds in dict.fromkeys((found[0], found[-1])))


def _latency(preset: Preset) -> str:
    target = preset.target
    most = f", at most {target.host_latency_max_ms:g} ms" if target.host_latency_max_ms else ""
    source = f" ({target.host_latency_source})" if target.host_latency_source else ""
    return f"adds {target.host_latency_ms:g} ms of its own in the mean{most}{source}"


def _plainly(preset: Preset) -> list[str]:
    most = preset.target.max_args
    wanted = [signal for signal in SIGNALS.values() if not signal.optional]
    lines = ["all our signals under their own addresses, one message each (see README)"]
    if most is not None:
        longer = [s for s in wanted if len(s.args) > most]
        cut = [s.address for s in longer if preset.target.cut_events and s.when == "event"]
        left_out = [s.address for s in longer if s.address not in cut]
        count = "one argument" if most == 1 else f"{most} arguments"
        if cut:
            lines.append(f"no more than {count} of {', '.join(cut)}")
        lines.append(f"not {', '.join(left_out)}: more than {count} are not read there")
    if preset.target.ascii:
        lines.append("texts lose their accents; what is not ASCII then becomes a question mark")
    return lines


def _when_map(entry: Map, preset: Preset) -> str:
    signal = signal_of(entry.source)
    steady = signal is not None and signal.when == "state"
    text = f"when {entry.source} changes" if steady else f"while {entry.source} moves"
    if entry.rate_hz:
        text += f", at most {entry.rate_hz:g} times a second"
    if entry.accept:
        text += f", from {entry.accept[0]:g} to {entry.accept[1]:g}"
    return text + _conditions(entry.when, preset)


def _when_on(event: On, preset: Preset) -> str:
    signal = signal_of(event.event)
    about = f" ({signal.description})" if signal else ""
    said = _OCCASIONS.get(event.event, f"at {event.event}{about}")
    return f"{said}{_conditions(event.when, preset)}"


def _conditions(when: Mapping[str, Sequence[Scalar]], preset: Sheet) -> str:
    text = ""
    for name, allowed in when.items():
        now = f" (it is {preset.pick[name]})" if name in preset.pick else ""
        text += f", if {name} is {' or '.join(map(str, allowed))}{now}"
    return text


def _mapped(entry: Map, preset: Preset) -> str:
    text = _message(entry.address, entry.args, preset, entry.source)
    if text.startswith("off"):
        return text
    if entry.scale is not None:
        low, high = entry.scale_to or [f"{end:g}" for end in entry.scale.to]
        ends = [f"{preset.pick.get(end, end)}" for end in (low, high)]
        text += f"   ({_range(entry.scale.source)} becomes {ends[0]} to {ends[1]})"
    for name, scale in entry.scales.items():
        text += f"   ({name}: {_range(scale.source)} becomes {_range(scale.to)})"
    if entry.words:
        text += (
            "   (" + ", ".join(f"{n}: {word}" for n, word in enumerate(entry.words) if word) + ")"
        )
    return text


def _range(span: tuple[float, float]) -> str:
    return f"{span[0]:g} to {span[1]:g}"


def _message(
    address: str, args: Sequence[str] | None, preset: Sheet, source: str | None = None
) -> str:
    """A message with its arguments in words; what is off is told so."""
    if args is None:
        signal = signal_of(source or "")
        args = [f"{arg.type}:{{{arg.name}}}" for arg in signal.args] if signal else []
    off: list[str] = []
    texts = [arg.partition(":")[2] if not arg.startswith("b:") else _boolean(arg) for arg in args]
    shown = " ".join(
        [_filled(address, preset, off), *(_filled(text, preset, off) for text in texts)]
    )
    return f"off, since {off[0]} is empty" if off else shown


def _boolean(arg: str) -> str:
    return {"b:1": "true", "b:0": "false"}.get(arg, arg[2:])


def _filled(text: str, preset: Sheet, off: list[str]) -> str:
    """Text with picks filled in, and other places named."""
    return PLACE.sub(lambda found: _named(found[1], preset, off), text)


def _named(name: str, preset: Sheet, off: list[str]) -> str:
    found = LOOKUP.match(name)
    table = found[1] if found else name
    value = preset.pick.get(table, preset.words.get(table))
    if value is None:
        return f"<{name}>"
    if value in ("", {}):
        off.append(table)
        return f"<{table}>"
    if isinstance(value, dict):
        key = found[2] if found else ""
        if key in value:
            return str(value[key])
        return f"<{table} of the {key}: {_entries(value)}>"
    return str(value)


def _entries(table: Table) -> str:
    return ", ".join(f"{key} is {value}" for key, value in table.items() if value != "")


def _complaint(entry: Trouble) -> str:
    what = f" with {_parts(entry)}" if entry.when else ""
    return f"{entry.address}{what}: {entry.says.replace('{', '<').replace('}', '>')}"


def _parts(entry: Heard) -> str:
    """Of which message something is taken, in words."""
    names = dict.fromkeys(NUMBERS, "") | dict(zip(NUMBERS, entry.json, strict=False))
    return ", ".join(
        f"{names.get(name, name)} {' or '.join(map(str, allowed))}".strip()
        for name, allowed in entry.when.items()
    )


def _heard(entries: Sequence[Hear], preset: Sheet) -> list[str]:
    lines: list[str] = []
    for hear in entries:
        inlet = INLETS.get(hear.to) or INLETS.get(hear.to.rpartition("/")[0])
        about = f": {inlet.description}" if inlet else ""
        to = hear.to if len(hear.to) < 40 else f"{hear.to[:40]}…"
        lines.append(f"{', '.join((hear.address, *hear.aliases))} is {to}{about}")
        if hear.when:
            lines.append(f"  only with {_parts(hear)}")
        picked = {name: preset.pick.get(name) for name in PLACE.findall(hear.address)}
        tables = {name: table for name, table in picked.items() if isinstance(table, dict)}
        lines += [f"  where {name} {_entries(table)}" for name, table in tables.items()]
        if hear.args and preset.words and not tables:
            shown = [_filled(text.partition(":")[2], preset, []) for text in hear.args]
            lines.append(f"  {' '.join(shown)}")
        if hear.accept:
            lines.append(f"  only from {_range(hear.accept)}")
        if hear.scale:
            lines.append(f"  {_range(hear.scale.source)} becomes {_range(hear.scale.to)}")
        if hear.neutral:
            lines.append("  measured against the neutral one")
    return lines


def _started(preset: Preset) -> list[str]:
    """How it is known that other music has begun."""
    asked = any(event.event.startswith("request") for event in preset.on) or preset.plain
    if not asked:
        return []
    told = {hear.to for hear in preset.readback}
    seen: list[str] = []
    if told & _POSITION:
        seen.append("passes the beat or bar asked for")
    if _PLACE in told:
        seen.append("plays what is asked for")
    if seen:
        return [f"a request counts as started when the host {', or '.join(seen)}"]
    if preset.readback or not preset.plain:
        return ["whether a request has started is not known: the host does not tell"]
    return ["a request counts as started when the host says in/request/ack, id, started"]


def _picks(preset: Sheet) -> list[str]:
    lines: list[str] = []
    for name, meaning in preset.ask.items():
        value = preset.pick.get(name, "")
        shown = _entries(value) if isinstance(value, dict) else str(value)
        lines.append(f"{name} = {shown or 'nothing'}: {meaning}")
    return lines
