using System;

namespace Oscbridge
{
    /// <summary>
    /// What the player feels, as a game can guess it: a resting point, and blows of events that fade
    /// away, each at its own speed. Sixteen of them are felt at once; a further one replaces the
    /// weakest.
    /// </summary>
    public sealed class PlayerFeeling
    {
        const int MaxBlows = 16;

        struct Blow
        {
            public double Valence;
            public double Arousal;
            public double TimeConstant;
        }

        readonly Blow[] blows = new Blow[MaxBlows];

        /// <summary>Where the player is when nothing happens, -1..1.</summary>
        public float RestingValence { get; set; }

        /// <summary>Where the player is when nothing happens, -1..1.</summary>
        public float RestingArousal { get; set; }

        public float Valence { get; private set; }

        public float Arousal { get; private set; }

        /// <summary>Something happens to the player.</summary>
        public void Feel(float valence, float arousal, float timeConstantSeconds)
        {
            blows[Weakest()] = new Blow
            {
                Valence = valence,
                Arousal = arousal,
                TimeConstant = Math.Max(0.01, timeConstantSeconds),
            };
        }

        /// <summary>Let time pass.</summary>
        public void Update(double elapsed)
        {
            double valence = RestingValence;
            double arousal = RestingArousal;
            for (var i = 0; i < MaxBlows; i++)
            {
                if (blows[i].TimeConstant > 0.0)
                {
                    var share = Math.Exp(-elapsed / blows[i].TimeConstant);
                    blows[i].Valence *= share;
                    blows[i].Arousal *= share;
                    valence += blows[i].Valence;
                    arousal += blows[i].Arousal;
                }
            }
            Valence = (float)Math.Min(Math.Max(valence, -1.0), 1.0);
            Arousal = (float)Math.Min(Math.Max(arousal, -1.0), 1.0);
        }

        int Weakest()
        {
            var weakest = 0;
            var least = double.PositiveInfinity;
            for (var i = 0; i < MaxBlows; i++)
            {
                var strength = Math.Abs(blows[i].Valence) + Math.Abs(blows[i].Arousal);
                if (strength < least)
                {
                    least = strength;
                    weakest = i;
                }
            }
            return weakest;
        }
    }

    /// <summary>How busy the player's hands are: presses a second, averaged over a few seconds.</summary>
    public struct InputActivity
    {
        double perSecond;

        public void Press(double windowSeconds)
        {
            perSecond += 1.0 / Math.Max(0.1, windowSeconds);
        }

        public void Update(double elapsed, double windowSeconds)
        {
            perSecond *= Math.Exp(-elapsed / Math.Max(0.1, windowSeconds));
        }

        /// <summary>-1 for hands at rest .. 1 for as many presses as <paramref name="busyPerSecond"/>.</summary>
        public float Arousal(double busyPerSecond)
        {
            var share = perSecond / Math.Max(0.1, busyPerSecond);
            return (float)(2.0 * Math.Min(1.0, share) - 1.0);
        }
    }
}
