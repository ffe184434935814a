"""The profile of a run, as its settings name it, and the way over to others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from models import catalogue
from oscbridge.profile import Profile
from oscbridge.profiles.folder import base_of
from oscbridge.profiles.opening import open_kept
from oscbridge.profiles.settings import DEFAULT
from oscbridge.sources.select import NONE

if TYPE_CHECKING:
    from oscbridge.config import Config


def open_profile(config: Config) -> tuple[Profile, str]:
    """Open the user's profile; also what people should know about it, in lines.

    Raises
    ------
    SettingsError
        It was named, and cannot be used.
    """
    name = config.personal.profile
    base = base_of(config.analysis.model if config.input != NONE else catalogue.DEFAULT_NOTES)
    found = open_kept(name, base, required=name != DEFAULT)
    another = partial(open_kept, base=base, required=True)
    profile = Profile(found.keeper, found.course, config.labels, open_other=another)
    labels, corrections = len(profile.taught.labels), profile.personal.count
    taught = f"profile {name}: {labels} labels, {corrections} corrections in use"
    news = [found.news, taught if labels or corrections else ""]
    return profile, "".join(f"{line}\n" for line in news if line)
