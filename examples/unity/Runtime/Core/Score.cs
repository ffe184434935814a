using System;

namespace Oscbridge
{
    /// <summary>A section of music that can be jumped to: a loop of whole bars.</summary>
    public sealed class Section
    {
        /// <summary>A request may ask for it by this name.</summary>
        public string Name = "";
        public Quadrant Quadrant;
        public double BeatsPerMinute = 120.0;
        public int BeatsPerBar = 4;
        public int Bars = 4;
        /// <summary>Bars, from 0, at which it may be left on "cue"; none: where it ends.</summary>
        public int[] CueBars = new int[0];

        internal double Beats { get { return Math.Max(1, Bars) * (double)Math.Max(1, BeatsPerBar); } }

        /// <summary>The grid of this section where it began at <paramref name="start"/>.</summary>
        public BarGrid Grid(double start)
        {
            return new BarGrid(start, BeatsPerMinute, BeatsPerBar);
        }

        /// <summary>The first instant at or after <paramref name="earliest"/> at which it may be left.</summary>
        public double NextPoint(double start, double earliest, Quantise quantise)
        {
            var grid = Grid(start);
            switch (quantise)
            {
                case Quantise.Now:
                    return earliest;
                case Quantise.Beat:
                    return grid.NextMultiple(earliest, 1.0);
                case Quantise.Bar:
                    return grid.NextMultiple(earliest, grid.BeatsPerBar);
                case Quantise.TwoBars:
                    return grid.NextMultiple(earliest, 2.0 * grid.BeatsPerBar);
                case Quantise.FourBars:
                    return grid.NextMultiple(earliest, 4.0 * grid.BeatsPerBar);
                case Quantise.EightBars:
                    return grid.NextMultiple(earliest, 8.0 * grid.BeatsPerBar);
                case Quantise.Cue:
                    return NextCue(grid, earliest);
                default:
                    return grid.NextMultiple(earliest, Beats);
            }
        }

        double NextCue(BarGrid grid, double earliest)
        {
            if (CueBars == null || CueBars.Length == 0)
            {
                return grid.NextMultiple(earliest, Beats);
            }
            var first = double.PositiveInfinity;
            foreach (var bar in CueBars)
            {
                var shifted = grid.From(grid.AtBeat((double)bar * grid.BeatsPerBar));
                first = Math.Min(first, shifted.NextMultiple(earliest, Beats));
            }
            return first;
        }
    }

    /// <summary>All sections that there are.</summary>
    public sealed class Score
    {
        readonly Section[] sections;

        public Score(params Section[] sections)
        {
            this.sections = sections;
        }

        public int Count { get { return sections.Length; } }

        public Section this[int index] { get { return sections[index]; } }

        /// <summary>
        /// The section that a request means: the one whose name is its label, else one of its
        /// quadrant; -1 where there is none.
        /// </summary>
        public int Find(string label, Quadrant quadrant)
        {
            if (!string.IsNullOrEmpty(label))
            {
                for (var i = 0; i < sections.Length; i++)
                {
                    if (string.Equals(sections[i].Name, label, StringComparison.OrdinalIgnoreCase))
                    {
                        return i;
                    }
                }
            }
            return Find(quadrant);
        }

        public int Find(Quadrant quadrant)
        {
            for (var i = 0; i < sections.Length; i++)
            {
                if (quadrant != Quadrant.Unknown && sections[i].Quadrant == quadrant)
                {
                    return i;
                }
            }
            return -1;
        }
    }
}
