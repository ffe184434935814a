using System;
using UnityEngine;
using UnityEngine.Events;

namespace Oscbridge
{
    [Serializable]
    public sealed class FloatEvent : UnityEvent<float>
    {
    }

    [Serializable]
    public sealed class IntEvent : UnityEvent<int>
    {
    }

    [Serializable]
    public sealed class TextEvent : UnityEvent<string>
    {
    }

    /// <summary>The events of a client, for the inspector.</summary>
    [Serializable]
    public sealed class ClientEvents
    {
        [Tooltip("Valence of the music, -1 unpleasant .. 1 pleasant; once a frame at most.")]
        public FloatEvent ValenceChanged = new FloatEvent();

        [Tooltip("Arousal of the music, -1 calm .. 1 excited; once a frame at most.")]
        public FloatEvent ArousalChanged = new FloatEvent();

        [Tooltip("1 happy, 2 tense, 3 sad, 4 relaxed, 0 unknown.")]
        public IntEvent QuadrantEntered = new IntEvent();

        [Tooltip("Your word for the quadrant that was entered.")]
        public TextEvent LabelEntered = new TextEvent();

        [Tooltip("The music has turned; how clearly, 0..1.")]
        public FloatEvent SegmentBoundary = new FloatEvent();

        [Tooltip("Other music is asked for; your word for it.")]
        public TextEvent MusicRequested = new TextEvent();

        [Tooltip("How the connection is, or what oscbridge says of itself.")]
        public TextEvent StatusChanged = new TextEvent();
    }
}
