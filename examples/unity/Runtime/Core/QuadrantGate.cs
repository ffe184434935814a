using System;

namespace Oscbridge
{
    /// <summary>
    /// A quadrant that does not flicker: an axis changes its sign only where it is passed by a
    /// margin, and the quadrant changes at most once in a dwell time.
    /// </summary>
    public sealed class QuadrantGate
    {
        int valenceSign;
        int arousalSign;
        double enteredAt = double.NegativeInfinity;

        /// <summary>How far zero has to be passed, 0..0.5.</summary>
        public float Hysteresis { get; set; }

        /// <summary>The shortest stay in a quadrant.</summary>
        public double DwellSeconds { get; set; }

        public Quadrant Quadrant { get; private set; }

        /// <summary>Take a point; true where the quadrant has changed.</summary>
        public bool Update(float valence, float arousal, double now)
        {
            valenceSign = Sign(valence, valenceSign);
            arousalSign = Sign(arousal, arousalSign);
            var next = Of(valenceSign, arousalSign);
            if (next == Quadrant || next == Quadrant.Unknown || now - enteredAt < DwellSeconds)
            {
                return false;
            }
            Quadrant = next;
            enteredAt = now;
            return true;
        }

        public void Reset()
        {
            valenceSign = arousalSign = 0;
            Quadrant = Quadrant.Unknown;
            enteredAt = double.NegativeInfinity;
        }

        int Sign(float value, int before)
        {
            if (Math.Abs(value) > Hysteresis)
            {
                return value > 0f ? 1 : -1;
            }
            return before;
        }

        static Quadrant Of(int valence, int arousal)
        {
            if (valence == 0 || arousal == 0)
            {
                return Quadrant.Unknown;
            }
            return AffectPlane.QuadrantOf(valence, arousal);
        }
    }
}
