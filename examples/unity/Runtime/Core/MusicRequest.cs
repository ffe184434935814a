namespace Oscbridge
{
    /// <summary>oscbridge asks for other music. Answer with <see cref="Bridge.Acknowledge"/>.</summary>
    public struct MusicRequest
    {
        /// <summary>Counts from 1; 0 and less are requests that the game makes of itself.</summary>
        public int Id;
        /// <summary>False where only the trigger came through: then the label is all that is known.</summary>
        public bool HasTarget;
        public float Valence;
        public float Arousal;
        public float Intensity;
        /// <summary>0 background .. 1 now.</summary>
        public float Urgency;
        public Transition Transition;
        public Quantise Quantise;
        public float FadeBeats;
        /// <summary>Shortest stay in the new music.</summary>
        public float HoldSeconds;
        /// <summary>Drop it if it has not begun by then; 0: never.</summary>
        public float DeadlineSeconds;
        public Reason Reason;
        /// <summary>The user's word for the target.</summary>
        public string Label;

        /// <summary>Whether a person asked for it, who does not want to wait for a hold.</summary>
        public bool ByPerson { get { return Reason == Reason.User || Reason == Reason.Test; } }

        /// <summary>The quadrant of the target.</summary>
        public Quadrant Quadrant
        {
            get { return HasTarget ? AffectPlane.QuadrantOf(Valence, Arousal) : Quadrant.Unknown; }
        }
    }

    public static partial class ProtocolWords
    {
        /// <summary>The place of a word in its enumeration; <paramref name="otherwise"/> for words of a newer protocol.</summary>
        public static int Find(string[] words, string word, int otherwise)
        {
            for (var i = 0; i < words.Length; i++)
            {
                if (string.Equals(words[i], word, System.StringComparison.Ordinal))
                {
                    return i;
                }
            }
            return otherwise;
        }
    }
}
