"""What of ``oscbridge labels`` only looks at profiles and files: lists, export, other models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError, unknown_name

if TYPE_CHECKING:
    import argparse

LABEL = 1
"""Of the columns of the list, the one that gives way: an address is copied and must be whole."""


def list_labels(args: argparse.Namespace) -> int:
    """Print labels, words and what was learned. Raises `SettingsError` where no profile is."""
    from oscbridge.inbound.teaching import learned_of
    from oscbridge.labels import Labels
    from oscbridge.profile import Profile
    from oscbridge.profiles.folder import look_into, names
    from oscbridge.profiles.settings import DEFAULT
    from oscbridge.readable import printable, signed
    from oscbridge.standard_streams import complain
    from oscbridge.terminal.tables import build_table, print_giving_way

    name = args.profile or DEFAULT
    if args.profile is None and DEFAULT not in names():
        print("nothing has been taught yet: see  oscbridge labels --help")
        return 0
    base, course, trouble = look_into(name)
    if trouble:
        complain(f"profile {name}: {trouble}")
    profile = Profile(course=course, labels=Labels())
    words = profile.words()
    quadrants = ", ".join(f"{n} {printable(words.of(n))}" for n in (1, 2, 3, 4))
    print(f"profile {name}, of the model {base}\nquadrants: {quadrants}")
    if places := profile.places():
        table = build_table(
            ">#", "label", "address", ">valence", ">arousal", ">radius", ">examples"
        )
        for place in places:
            both = place.valence_radius, place.arousal_radius
            radii = dict.fromkeys(f"{round(radius, 2):g}" for radius in both)
            table.add_row(
                str(place.number),
                printable(place.name),
                place.slug,
                signed(place.valence),
                signed(place.arousal),
                " × ".join(radii),
                str(place.examples or "-"),
            )
        print_giving_way(table, LABEL)
    marks = len(course.now.marks)
    marked = f"{marks} boundar{'y' if marks == 1 else 'ies'} marked"
    print(f"learned from {learned_of(profile).words}; {marked}")
    return 0


def list_sets(args: argparse.Namespace) -> int:
    """Print the sets that ship."""
    from oscbridge.labels.files import read_set, shipped

    for name in shipped():
        found = read_set(name)
        words = [*found.quadrants.words().values(), *(entry.name for entry in found.label)]
        print(f"{name:10} {found.title}: {', '.join(words)}")
    return 0


def export(args: argparse.Namespace) -> int:
    """Write labels into a file. Raises `SettingsError` where that cannot be."""
    from models.weights import write_whole
    from oscbridge.labels.files import to_text
    from oscbridge.profiles.folder import look_into
    from oscbridge.profiles.settings import DEFAULT

    if args.file.suffix != ".toml":
        raise SettingsError(f"{args.file}: labels are read again from a file that ends in .toml.")
    if args.file.exists() and not args.force:
        raise SettingsError(f"{str(args.file)!r} exists: add --force to replace it.")
    name = args.profile or DEFAULT
    _, course, trouble = look_into(name)
    if trouble:  # a file without them would be taken for all that there is
        raise SettingsError(f"the profile {name!r}: {trouble}.")
    text = to_text(course.places(), course.now.words, f"labels of {name}")
    try:
        write_whole(args.file, text.encode())
    except OSError as error:
        raise SettingsError(f"{args.file} cannot be written: {error.strerror}.") from None
    print(f"{len(course.places())} labels written to {args.file}")
    return 0


def list_profiles(args: argparse.Namespace) -> int:
    """Print which profiles there are."""
    from oscbridge.profiles.folder import folder, look_into, names

    for name in names():
        try:
            base, course, trouble = look_into(name)
        except SettingsError as error:
            print(f"{name}: {error}")  # the others can still be used
            continue
        labels = len(course.now.labels)
        print(f"{name}: {labels} labels, {len(course.now.sayings)} corrections, of {base}")
        if trouble:
            print(f"  {trouble}")
    if not names():
        print(f"there are none yet; they will lie in {folder()}")
    return 0


def migrate(args: argparse.Namespace) -> int:
    """Carry a profile over to a model. Raises `SettingsError` where one of them is not there."""
    from models import catalogue
    from oscbridge.profiles import opening
    from oscbridge.profiles.folder import base_of, names

    if args.name not in names():
        raise unknown_name("profile", args.name, names())
    known = [*catalogue.names(), *catalogue.names("notes")]
    if args.model not in known:
        raise unknown_name("model", args.model, known)
    print(f"{opening.migrate(args.name, base_of(args.model))}.")
    return 0
