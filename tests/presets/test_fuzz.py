"""Whatever stands in a preset: it is refused in one line, or it never breaks what is sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oscbridge.errors import SettingsError
from oscbridge.mapping import Mapping
from oscbridge.protocol import Message
from oscbridge.wire.template import Template
from presets.reading import ReadingError, convert
from presets.schema import Preset
from tests.hosts_fake.told import decode
from tests.presets.minute import minute

PIECES = st.sampled_from(
    [
        *("{valence}", "{quadrant}", "{label}", "{row[quadrant]}", "{row[label]}", "{row[1]}"),
        *("{track}", "{off}", "{word}", "{id}", "{", "}", "[", "]", "/", "a", "1", ".", "-", " "),
        *("nan", "1e400", "{}", "{row}", "{row[", "{x[y]}", "ü", "*", "{request/label}"),
    ]
)
TEXTS = st.lists(PIECES, max_size=4).map("".join)
ARGUMENTS = st.lists(st.builds("{}:{}".format, st.sampled_from("ifsbx"), TEXTS), max_size=4)
SOURCES = st.sampled_from(["va", "valence", "quadrant", "quadrant/label", "request/go", "nothing"])
SCALES = st.fixed_dictionaries(
    {},
    optional={
        "from": st.lists(st.floats(), min_size=2, max_size=2),
        "to": st.lists(st.floats(), min_size=2, max_size=2),
        "curve": st.sampled_from(["linear", "square", "root", "smooth", "log"]),
    },
)
MAPS = st.fixed_dictionaries(
    {"source": SOURCES, "address": TEXTS.map("/{}".format)},
    optional={
        "args": ARGUMENTS,
        "scale": SCALES,
        "scale_to": st.tuples(TEXTS, TEXTS).map(list),
        "otherwise": st.floats(),
        "words": st.lists(TEXTS, max_size=3),
        "when": st.dictionaries(st.sampled_from(["quadrant", "track", "x"]), st.lists(TEXTS)),
    },
)
EVENTS = st.fixed_dictionaries(
    {"event": SOURCES, "address": TEXTS.map("/{}".format)},
    optional={"args": ARGUMENTS, "release": ARGUMENTS, "release_s": st.floats()},
)
PICKS = {"track": 1, "off": "", "row": {"1": 5, "2": "b", "happy": 1.5}}
MOMENTS: list[Message] = [message for _, said in minute()[:450] for message in said]


@given(st.lists(MAPS, max_size=3), st.lists(EVENTS, max_size=2))
def test_a_preset_is_refused_in_one_line_or_says_what_two_parsers_read(
    maps: list[dict[str, object]], events: list[dict[str, object]]
) -> None:
    data = {"tested_with": "x", "target": {"port": 9}, "pick": PICKS, "map": maps, "on": events}
    trouble = ""
    try:
        mapping = Mapping(convert(data, Preset, "own.toml"), clock=lambda: 0.0)
    except (SettingsError, ReadingError) as error:
        trouble = str(error)
    if trouble:
        assert ".toml: " in trouble
        assert "\n" not in trouble
        return
    for signal, args in mapping.apply(MOMENTS):
        decode(bytes(Template(signal.address, signal.types).pack(args)))
