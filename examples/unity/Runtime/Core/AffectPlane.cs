namespace Oscbridge
{
    /// <summary>The valence-arousal plane.</summary>
    public static class AffectPlane
    {
        /// <summary>The quadrant of a point; a border belongs to the greater side.</summary>
        public static Quadrant QuadrantOf(float valence, float arousal)
        {
            if (arousal >= 0f)
            {
                return valence >= 0f ? Quadrant.Happy : Quadrant.Tense;
            }
            return valence >= 0f ? Quadrant.Relaxed : Quadrant.Sad;
        }

        /// <summary>A point of a quadrant, so far from both axes; the middle for Unknown.</summary>
        public static void PointOf(Quadrant quadrant, float distance, out float valence, out float arousal)
        {
            if (quadrant == Quadrant.Unknown)
            {
                valence = arousal = 0f;
                return;
            }
            valence = quadrant == Quadrant.Happy || quadrant == Quadrant.Relaxed ? distance : -distance;
            arousal = quadrant == Quadrant.Happy || quadrant == Quadrant.Tense ? distance : -distance;
        }

        /// <summary>How much of a quadrant is in a point: 1 in its corner, a quarter in the middle; all four sum to 1.</summary>
        public static float ShareOf(Quadrant quadrant, float valence, float arousal)
        {
            var pleasant = (Clamp(valence) + 1f) * 0.5f;
            var excited = (Clamp(arousal) + 1f) * 0.5f;
            switch (quadrant)
            {
                case Quadrant.Happy:
                    return pleasant * excited;
                case Quadrant.Tense:
                    return (1f - pleasant) * excited;
                case Quadrant.Sad:
                    return (1f - pleasant) * (1f - excited);
                case Quadrant.Relaxed:
                    return pleasant * (1f - excited);
                default:
                    return 0f;
            }
        }

        static float Clamp(float value)
        {
            return System.Math.Min(System.Math.Max(value, -1f), 1f);
        }
    }
}
