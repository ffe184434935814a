"""Prints what GNOME's playlist parser finds in a file, as JSON; runs in the system's Python."""

import json
import sys

import gi

gi.require_version("TotemPlParser", "1.0")
from gi.repository import Gio, TotemPlParser  # noqa: E402 - as its authors want it

found: list[dict[str, str]] = []
parser = TotemPlParser.Parser()
parser.set_property("recurse", False)
parser.connect("entry-parsed", lambda _, uri, said: found.append({**said, "uri": uri}))
parser.parse(Gio.File.new_for_path(sys.argv[1]).get_uri(), False)
print(json.dumps([dict(one.items()) for one in found]))
