using System;

namespace Oscbridge
{
    /// <summary>Quarters of the valence-arousal plane, with the words that oscbridge starts with.</summary>
    public enum Quadrant
    {
        Unknown = 0,
        /// <summary>Pleasant and excited.</summary>
        Happy = 1,
        /// <summary>Unpleasant and excited.</summary>
        Tense = 2,
        /// <summary>Unpleasant and calm.</summary>
        Sad = 3,
        /// <summary>Pleasant and calm.</summary>
        Relaxed = 4,
    }

    /// <summary>What the music expresses right now, all of one frame.</summary>
    [Serializable]
    public struct AffectState
    {
        /// <summary>-1 unpleasant .. 1 pleasant.</summary>
        public float Valence;
        /// <summary>-1 calm .. 1 excited.</summary>
        public float Arousal;
        /// <summary>0..1: how surely the quadrant is right.</summary>
        public float Confidence;
        /// <summary>0..1: one knob for game audio.</summary>
        public float Intensity;
        /// <summary>0..1: how surely there is music at all.</summary>
        public float Music;
        /// <summary>Beats a minute, 0 where none is steady.</summary>
        public float Tempo;
        /// <summary>Steady: it does not flicker at a border.</summary>
        public Quadrant Quadrant;
        /// <summary>The user's word for the quadrant.</summary>
        public string Label;
        /// <summary>What the player feels, where oscbridge knows.</summary>
        public float PlayerValence;
        public float PlayerArousal;
        public float PlayerConfidence;

        /// <summary>Valence as 0..1, 0.5 neutral.</summary>
        public float NormValence { get { return (Valence + 1f) * 0.5f; } }

        /// <summary>Arousal as 0..1, 0.5 neutral.</summary>
        public float NormArousal { get { return (Arousal + 1f) * 0.5f; } }
    }

    /// <summary>A quadrant has been entered.</summary>
    public struct QuadrantEntry
    {
        public Quadrant Quadrant;
        public string Label;
        public float Confidence;
    }

    /// <summary>The music changed <c>AgeSeconds</c> before this was heard.</summary>
    public struct SegmentBoundary
    {
        public int Id;
        public float AgeSeconds;
        public float Strength;
    }

    /// <summary>A segment has begun, for certain.</summary>
    public struct SegmentStart
    {
        public int Id;
        public string Label;
        public float Confidence;
    }

    /// <summary>A finished segment: its mean and how long it was.</summary>
    public struct SegmentSummary
    {
        public int Id;
        public float Valence;
        public float Arousal;
        public float Seconds;
    }

    /// <summary>A beat or a bar, counted from the start of the stream.</summary>
    public struct Pulse
    {
        public int Index;
        public float Confidence;
    }

    /// <summary>How the connection stands.</summary>
    public enum LinkState
    {
        Closed = 0,
        /// <summary>Nothing has been heard yet.</summary>
        Searching = 1,
        Connected = 2,
        /// <summary>Nothing for three seconds, after there was something.</summary>
        Lost = 3,
    }

    /// <summary>How the connection and oscbridge itself are.</summary>
    public struct BridgeStatus
    {
        public LinkState Link;
        public BridgeState State;
        /// <summary>A sentence of oscbridge.</summary>
        public string Detail;
    }

    /// <summary>oscbridge could not take something that was said to it.</summary>
    public struct BridgeError
    {
        public string Address;
        public string Reason;
    }
}
