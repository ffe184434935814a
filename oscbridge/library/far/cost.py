"""What an index cost, and what a million such tracks would.

Conventions
-----------
Measured are tracks, wall-clock seconds, threads of the cluster, hours of music, bytes read and
bytes written. The estimate is proportional, and says what it assumes: tracks of the same mean
length and size, cores of the same speed, storage that keeps up with them, and the price of an hour
of a rented core. Idle time counts as it does on the bill; the time that workers take to start does
not, as it does not grow with the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

MILLION = 1_000_000
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
    music_s : float
        Length of all tracks, seconds.
    read_bytes, written_bytes : int
        Of the tracks, of the dataset.
    """

    tracks: int
    elapsed_s: float
    cores: int
    music_s: float
    read_bytes: int
    written_bytes: int

    @property
    def core_s(self) -> float:
        """Seconds of one core for a track."""
        return self.elapsed_s * self.cores / self.tracks

    def sentences(self, euros_a_core_hour: float = EUROS_A_CORE_HOUR) -> tuple[str, ...]:
        """What it cost and what a million tracks like these would, in words."""
        if not self.tracks:
            return ()
        share = MILLION / self.tracks
        core_hours = self.core_s * MILLION / 3600.0
        read_tb, written_gb = self.read_bytes * share / 1e12, self.written_bytes * share / 1e9
        megabytes_s = self.read_bytes / self.tracks / self.core_s / 1e6
        return (
            f"{self.tracks:,} tracks, {self.music_s / 3600.0:.2f} h of music, in "
            f"{self.elapsed_s:.1f} s on {self.cores} cores: {self.core_s:.2f} core-seconds a "
            f"track, {self.music_s / self.tracks / self.core_s:.0f} times real time on a core",
            f"a million like these: {core_hours:,.0f} core-hours ({core_hours / 64:,.1f} h on 64 "
            f"cores), {read_tb:.2f} TB to read ({megabytes_s:.1f} MB/s a core), "
            f"{written_gb:.1f} GB of Parquet, {core_hours * euros_a_core_hour:,.0f} € at "
            f"{euros_a_core_hour:g} € an hour of a core",
        )
