using System;

namespace Oscbridge
{
    /// <summary>A fade on the clock of the sound card, at equal power: sine in, cosine out.</summary>
    public struct Fade
    {
        public readonly double Start;
        public readonly double Seconds;

        public Fade(double start, double seconds)
        {
            Start = start;
            Seconds = Math.Max(0.0, seconds);
        }

        public double End { get { return Start + Seconds; } }

        /// <summary>How far it is, 0..1.</summary>
        public double Progress(double now)
        {
            if (now < Start)
            {
                return 0.0;
            }
            return Seconds <= 0.0 ? 1.0 : Math.Min(1.0, (now - Start) / Seconds);
        }

        /// <summary>Amplitude of what comes.</summary>
        public float In(double now)
        {
            return (float)Math.Sin(Progress(now) * Math.PI * 0.5);
        }

        /// <summary>Amplitude of what goes; its power and that of what comes make 1.</summary>
        public float Out(double now)
        {
            return (float)Math.Cos(Progress(now) * Math.PI * 0.5);
        }
    }
}
