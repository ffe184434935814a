using System;

namespace Oscbridge
{
    /// <summary>Music made softer for a while: down over a fade, held, up over the same.</summary>
    public struct Ducking
    {
        Fade down;
        Fade up;
        double depthDecibels;

        public void Begin(double at, double fadeSeconds, double holdSeconds, double decibels)
        {
            down = new Fade(at, fadeSeconds);
            up = new Fade(at + fadeSeconds + Math.Max(0.0, holdSeconds), fadeSeconds);
            depthDecibels = -Math.Abs(decibels);
        }

        /// <summary>Amplitude, 1 where nothing is ducked.</summary>
        public float Gain(double now)
        {
            var depth = down.Progress(now) - up.Progress(now);
            return depth <= 0.0 ? 1f : (float)Math.Pow(10.0, depthDecibels * depth / 20.0);
        }
    }
}
