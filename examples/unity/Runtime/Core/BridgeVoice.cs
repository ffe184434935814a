using System;

namespace Oscbridge
{
    /// <summary>
    /// What can be said to oscbridge, in words of C#. Allocates nothing. What the player feels should be said
    /// about ten times a second at most; oscbridge forgets a source after five seconds of silence.
    /// </summary>
    public sealed class BridgeVoice
    {
        /// <summary>Longer lines of text are cut.</summary>
        public const int MaxTextLength = 280;

        readonly OscWriter writer = new OscWriter();
        readonly string prefix;
        readonly Action<OscWriter> say;

        public BridgeVoice(string prefix, Action<OscWriter> say)
        {
            this.prefix = prefix;
            this.say = say;
        }

        /// <summary>What the player feels, -1..1 each, how surely (0..1), and who says so.</summary>
        public void Affect(float valence, float arousal, float confidence, string source)
        {
            say(Begin(Inlet.AffectVa, "fffs").Float(Bipolar(valence)).Float(Bipolar(arousal))
                .Float(Unit(confidence)).Text(source));
        }

        /// <summary>The player's emotion by its name: one of yours, or happy, sad, angry, calm …</summary>
        public void Emotion(string label, float weight)
        {
            say(Begin(Inlet.AffectEmotion, "sf").Text(label).Float(Unit(weight)));
        }

        /// <summary>A line that the player wrote.</summary>
        public void Text(string line)
        {
            say(Begin(Inlet.AffectText, "s").Text(Cut(line)));
        }

        /// <summary>Beats of the heart a minute; what is no pulse of a person is not said.</summary>
        public void HeartRate(float beatsPerMinute)
        {
            if (beatsPerMinute >= 30f && beatsPerMinute <= 240f)
            {
                say(Begin(Inlet.AffectHr, "f").Float(beatsPerMinute));
            }
        }

        /// <summary>Forget what this source said about the player.</summary>
        public void Forget(string source)
        {
            say(Begin(Inlet.AffectClear, "s").Text(source));
        }

        public void Acknowledge(int id, Ack state, double secondsUntilStart)
        {
            say(Begin(Inlet.RequestAck, "isf").Int(id).Text(ProtocolWords.Ack[(int)state])
                .Float((float)Math.Max(0.0, secondsUntilStart)));
        }

        /// <summary>Ask for other music, as oscbridge itself would.</summary>
        public void Request(float valence, float arousal, float urgency, Quantise quantise)
        {
            say(Begin(Inlet.RequestMake, "fffs").Float(Bipolar(valence)).Float(Bipolar(arousal))
                .Float(Unit(urgency)).Text(ProtocolWords.Quantise[(int)quantise]));
        }

        /// <summary>The tempo of the game's music, 0 where it has none.</summary>
        public void Tempo(float beatsPerMinute)
        {
            say(Begin(Inlet.TransportTempo, "f").Float(beatsPerMinute));
        }

        /// <summary>The beat that the game's music is at, from 0.</summary>
        public void BeatAt(float beat)
        {
            say(Begin(Inlet.TransportBeat, "f").Float(beat));
        }

        /// <summary>The bar that the game's music is at, from 0.</summary>
        public void BarAt(int bar)
        {
            say(Begin(Inlet.TransportBar, "i").Int(bar));
        }

        public void Playing(bool playing)
        {
            say(Begin(Inlet.TransportPlaying, "i").Int(playing ? 1 : 0));
        }

        /// <summary>Another word for a quadrant.</summary>
        public void Rename(Quadrant quadrant, string label)
        {
            if (quadrant != Quadrant.Unknown)
            {
                say(Begin(Inlet.LabelSet, "is").Int((int)quadrant).Text(label));
            }
        }

        /// <summary>What plays now is this: an example to learn from.</summary>
        public void Train(string label)
        {
            say(Begin(Inlet.LabelTrain, "s").Text(label));
        }

        /// <summary>Take the last example back.</summary>
        public void UndoTraining()
        {
            say(Begin(Inlet.LabelTrainUndo, ""));
        }

        /// <summary>Hold all values as they are, or let them go.</summary>
        public void Freeze(bool hold)
        {
            say(Begin(Inlet.Freeze, "i").Int(hold ? 1 : 0));
        }

        /// <summary>Say these values instead of the music's, for so many seconds; 0 ends it.</summary>
        public void Override(float valence, float arousal, float seconds)
        {
            say(Begin(Inlet.Override, "fff").Float(Bipolar(valence)).Float(Bipolar(arousal))
                .Float(Math.Min(Math.Max(seconds, 0f), 3600f)));
        }

        /// <summary>A person hears a new section begin.</summary>
        public void MarkSegment(string label)
        {
            say(Begin(Inlet.SegmentMark, "s").Text(label));
        }

        /// <summary>Play a test pattern: sweep, quadrants or request.</summary>
        public void Test(string pattern)
        {
            say(Begin(Inlet.Test, "s").Text(pattern));
        }

        /// <summary>Say everything once more.</summary>
        public void Refresh()
        {
            say(Begin(Inlet.Refresh, ""));
        }

        OscWriter Begin(string inlet, string types)
        {
            return writer.Begin(prefix, inlet, types);
        }

        static float Bipolar(float value)
        {
            return Math.Min(Math.Max(value, -1f), 1f);
        }

        static float Unit(float value)
        {
            return Math.Min(Math.Max(value, 0f), 1f);
        }

        /// <summary>The beginning of a line, never half of a character beyond the basic plane.</summary>
        static string Cut(string line)
        {
            if (line == null || line.Length <= MaxTextLength)
            {
                return line;
            }
            var end = char.IsHighSurrogate(line[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength;
            return line.Substring(0, end);
        }
    }
}
