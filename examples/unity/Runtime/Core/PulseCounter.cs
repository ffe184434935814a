using System;

namespace Oscbridge
{
    /// <summary>Counts beats and bars through all sections, as a host tells them to oscbridge.</summary>
    public sealed class PulseCounter
    {
        BarGrid grid;
        bool hasGrid;
        int beatsBefore;
        int barsBefore;

        /// <summary>Beats since the music began, from 0; -1 before.</summary>
        public int Beat { get; private set; }

        /// <summary>Bars since the music began, from 0; -1 before.</summary>
        public int Bar { get; private set; }

        public PulseCounter()
        {
            Beat = Bar = -1;
        }

        /// <summary>Look at the clock; true where a new beat has begun.</summary>
        public bool Update(BarGrid next, double now)
        {
            if (now < next.Start)
            {
                return false;
            }
            if (!hasGrid || next.Start != grid.Start)
            {
                beatsBefore = Beat < 0 ? 0 : beatsBefore + Math.Max(1, (int)Math.Round(grid.BeatAt(next.Start)));
                barsBefore = Bar + 1;
                hasGrid = true;
            }
            grid = next;
            var beats = (int)Math.Floor(grid.BeatAt(now));
            var beat = beatsBefore + beats;
            Bar = barsBefore + beats / grid.BeatsPerBar;
            if (beat == Beat)
            {
                return false;
            }
            Beat = beat;
            return true;
        }
    }
}
