"""What an index cost, and what a million such tracks would.

Conventions
-----------
Measured are tracks, seconds that processors worked on them, hours of music, bytes read and written,
and how long all of it took. The estimate is proportional, and assumes: tracks of the same mean
length and size, cores of the same speed that have nothing else to do, storage that keeps up with
them, and the price of an hour of a rented core. What starts once, workers and their kernels, does
not grow with the catalogue and is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

MILLION = 1_000_000
MANY_CORES = 64
EUROS_A_CORE_HOUR = 0.04
"""What an hour of a rented core costs, about: see the price list of who lends it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What was measured.

    Attributes
    ----------
    tracks : int
        Heard.
    elapsed_s : float
        From the first task to the last, seconds.
    cores : int
        Threads of the cluster.
    worked_s : float
        Seconds that they worked on the tracks, all together.
    music_s : float
        Length of all tracks, seconds.
    read_bytes, written_bytes : int
        Of the tracks, of the dataset.
    """

    tracks: int
    elapsed_s: float
    cores: int
    worked_s: float
    music_s: float
    read_bytes: int
    written_bytes: int

    def sentences(self, euros_a_core_hour: float = EUROS_A_CORE_HOUR) -> tuple[str, ...]:
        """What it cost and what a million tracks like these would, in words."""
        if not self.tracks or self.worked_s <= 0.0:
            return ()
        core_s = self.worked_s / self.tracks
        share = MILLION / self.tracks
        core_hours = core_s * MILLION / 3600.0
        read_tb, written_gb = self.read_bytes * share / 1e12, self.written_bytes * share / 1e9
        megabytes_s = self.read_bytes / self.worked_s / 1e6
        busy = self.worked_s / (self.elapsed_s * self.cores)
        return (
            f"{self.tracks:,} tracks, {self.music_s / 3600.0:.2f} h of music, in "
            f"{self.elapsed_s:.1f} s on {self.cores} cores, which worked {100.0 * busy:.0f} % of "
            f"the time: {core_s:.2f} core-seconds a track, {self.music_s / self.worked_s:.0f} "
            "times real time on a core",
            f"a million like these: {core_hours:,.0f} core-hours ({core_hours / MANY_CORES:,.1f} h "
            f"on {MANY_CORES} cores), {read_tb:.2f} TB to read ({megabytes_s:.1f} MB/s a core), "
            f"{written_gb:.1f} GB of Parquet, {core_hours * euros_a_core_hour:,.0f} € at "
            f"{euros_a_core_hour:g} € an hour of a core",
        )
