using System;
using UnityEngine;

namespace Oscbridge
{
    /// <summary>A number for each quadrant, and for "unknown".</summary>
    [Serializable]
    public struct QuadrantWeights
    {
        [Range(0f, 1f)] public float Unknown;
        [Range(0f, 1f)] public float Happy;
        [Range(0f, 1f)] public float Tense;
        [Range(0f, 1f)] public float Sad;
        [Range(0f, 1f)] public float Relaxed;

        public QuadrantWeights(float unknown, float happy, float tense, float sad, float relaxed)
        {
            Unknown = unknown;
            Happy = happy;
            Tense = tense;
            Sad = sad;
            Relaxed = relaxed;
        }

        internal bool IsSilent { get { return Unknown + Happy + Tense + Sad + Relaxed == 0f; } }

        public float Of(Quadrant quadrant)
        {
            switch (quadrant)
            {
                case Quadrant.Happy:
                    return Happy;
                case Quadrant.Tense:
                    return Tense;
                case Quadrant.Sad:
                    return Sad;
                case Quadrant.Relaxed:
                    return Relaxed;
                default:
                    return Unknown;
            }
        }

        /// <summary>The volume at a point of the plane: powers blend, so that the sum stays even.</summary>
        public float At(float valence, float arousal)
        {
            var power = 0f;
            for (var quadrant = Quadrant.Happy; quadrant <= Quadrant.Relaxed; quadrant++)
            {
                var volume = Of(quadrant);
                power += AffectPlane.ShareOf(quadrant, valence, arousal) * volume * volume;
            }
            return Mathf.Sqrt(power);
        }
    }

    /// <summary>A stem that plays along all the time; how loud depends on the quadrant.</summary>
    [Serializable]
    public sealed class MusicLayer : IListed
    {
        public string Name = "layer";
        [Tooltip("A loop of whole bars, as long as the other layers.")]
        public AudioClip Clip;
        [Tooltip("Volume in each quadrant.")]
        public QuadrantWeights Volumes = new QuadrantWeights(1f, 1f, 1f, 1f, 1f);

        bool IListed.IsBlank { get { return string.IsNullOrEmpty(Name) && Clip == null && Volumes.IsSilent; } }
    }

    /// <summary>A loop of whole bars that can be jumped to.</summary>
    [Serializable]
    public sealed class MusicSection : IListed
    {
        [Tooltip("A request that asks for this word gets this section.")]
        public string Name = "section";
        public Quadrant Quadrant = Quadrant.Unknown;
        public AudioClip Clip;
        [Tooltip("0: the controller's.")]
        public float BeatsPerMinute = 0f;
        [Tooltip("0: the controller's.")]
        public int BeatsPerBar = 0;
        [Tooltip("0: as many as the clip is long.")]
        public int Bars = 0;
        [Tooltip("Bars, from 0, at which it may be left on \"cue\".")]
        public int[] CueBars = new int[0];
        [Range(0f, 1f)] public float Volume = 1f;

        bool IListed.IsBlank { get { return string.IsNullOrEmpty(Name) && Clip == null && Volume == 0f; } }

        /// <summary>What a conductor has to know of it.</summary>
        public Section ToSection(float usualBeatsPerMinute, int usualBeatsPerBar)
        {
            var bpm = BeatsPerMinute > 0f ? BeatsPerMinute : usualBeatsPerMinute;
            var beats = BeatsPerBar > 0 ? BeatsPerBar : usualBeatsPerBar;
            var bars = Bars;
            if (bars <= 0 && Clip != null)
            {
                bars = (int)Math.Round(Clip.length * bpm / 60.0 / beats);
            }
            return new Section
            {
                Name = Name,
                Quadrant = Quadrant,
                BeatsPerMinute = bpm,
                BeatsPerBar = beats,
                Bars = Math.Max(1, bars),
                CueBars = CueBars,
            };
        }
    }

    /// <summary>What sets a stinger off.</summary>
    public enum StingerCause
    {
        /// <summary>A request whose transition is "stinger".</summary>
        Request,
        SegmentBoundary,
        QuadrantEntered,
    }

    /// <summary>A short sound over the music, on the beat.</summary>
    [Serializable]
    public sealed class MusicStinger : IListed
    {
        public string Name = "stinger";
        public AudioClip Clip;
        public StingerCause Cause = StingerCause.Request;
        [Tooltip("Only in this quadrant; Unknown: in any.")]
        public Quadrant Quadrant = Quadrant.Unknown;
        [Tooltip("Where it begins; a request says so itself.")]
        public Quantise Quantise = Quantise.Beat;
        [Tooltip("Not again for so many seconds.")]
        public float CooldownSeconds = 8f;
        [Range(0f, 1f)] public float Volume = 1f;

        bool IListed.IsBlank { get { return string.IsNullOrEmpty(Name) && Clip == null && Volume == 0f; } }
    }
}
