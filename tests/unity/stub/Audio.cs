using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public static class AudioSettings
    {
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged);

        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged;

        internal static void TellOfChange()
        {
            if (OnAudioConfigurationChanged != null)
            {
                OnAudioConfigurationChanged(true);
            }
        }

        public static double dspTime { get { return World.DspSeconds; } }
    }

    public class AudioListener : Behaviour
    {
        public static bool pause { get; set; }
    }

    public sealed class AudioClip : Object
    {
        public AudioClip(string name, float length)
        {
            this.name = name;
            this.length = length;
        }

        public float length { get; private set; }
        public int frequency { get { return 48000; } }
        public int samples { get { return (int)Math.Round(length * frequency); } }

        public bool LoadAudioData()
        {
            return true;
        }
    }

    /// <summary>Notes what it is told; what it plays can be asked for any instant.</summary>
    public sealed class AudioSource : Behaviour
    {
        public AudioClip clip { get; set; }
        public float volume { get; set; }
        public bool loop { get; set; }
        public bool playOnAwake { get; set; }
        public float spatialBlend { get; set; }
        public int priority { get; set; }
        public Audio.AudioMixerGroup outputAudioMixerGroup { get; set; }

        /// <summary>When it was told to begin; +inf where it was not.</summary>
        public double ScheduledStart = double.PositiveInfinity;

        /// <summary>When it was told to end; +inf where it was not.</summary>
        public double ScheduledEnd = double.PositiveInfinity;

        /// <summary>When it was told so.</summary>
        public double ScheduledAt;

        /// <summary>How far what it plays lags behind its schedule, after a pause.</summary>
        public double Lag;

        public int timeSamples
        {
            get
            {
                var played = World.DspSeconds - ScheduledStart - Lag;
                return played < 0.0 ? 0 : (int)(played % clip.length * clip.frequency);
            }
        }

        public void PlayScheduled(double time)
        {
            ScheduledStart = time;
            ScheduledEnd = double.PositiveInfinity;
            ScheduledAt = World.DspSeconds;
            World.Sources.Add(this);
        }

        public void SetScheduledEndTime(double time)
        {
            ScheduledEnd = time;
        }

        public void Stop()
        {
            ScheduledStart = double.PositiveInfinity;
        }

        /// <summary>Whether it sounds at an instant.</summary>
        public bool SoundsAt(double time)
        {
            var end = loop || clip == null ? ScheduledEnd : Math.Min(ScheduledEnd, ScheduledStart + clip.length);
            return time >= ScheduledStart && time < end;
        }
    }
}

namespace UnityEngine.Audio
{
    public class AudioMixerGroup : Object
    {
    }

    public class AudioMixer : Object
    {
        public readonly Dictionary<string, float> Floats = new Dictionary<string, float>();

        public bool SetFloat(string name, float value)
        {
            Floats[name] = value;
            return true;
        }
    }
}
