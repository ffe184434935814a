using System;

namespace Oscbridge
{
    /// <summary>
    /// Beats and bars on the clock of the sound card: every instant is the start plus a whole number
    /// of beats, computed anew, so that nothing drifts however long the music plays.
    /// </summary>
    public struct BarGrid
    {
        /// <summary>An instant this close before "now" still counts as now: a tenth of a millisecond.</summary>
        const double Tolerance = 1e-4;

        public readonly double Start;
        public readonly double BeatsPerMinute;
        public readonly int BeatsPerBar;

        public BarGrid(double start, double beatsPerMinute, int beatsPerBar)
        {
            Start = start;
            BeatsPerMinute = beatsPerMinute > 0.0 ? beatsPerMinute : 120.0;
            BeatsPerBar = Math.Max(1, beatsPerBar);
        }

        public double BeatSeconds { get { return 60.0 / BeatsPerMinute; } }

        public double BarSeconds { get { return BeatsPerBar * 60.0 / BeatsPerMinute; } }

        /// <summary>The same grid from another start.</summary>
        public BarGrid From(double start)
        {
            return new BarGrid(start, BeatsPerMinute, BeatsPerBar);
        }

        public double AtBeat(double beat)
        {
            return Start + beat * 60.0 / BeatsPerMinute;
        }

        /// <summary>Beats since the start, with their fraction; negative before it.</summary>
        public double BeatAt(double time)
        {
            return (time - Start) * BeatsPerMinute / 60.0;
        }

        /// <summary>The first multiple of so many beats at or after an instant.</summary>
        public double NextMultiple(double time, double beats)
        {
            var count = Math.Ceiling((time - Start - Tolerance) / (beats * 60.0 / BeatsPerMinute));
            return AtBeat(Math.Max(0.0, count) * beats);
        }
    }
}
