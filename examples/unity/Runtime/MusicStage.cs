using System;
using UnityEngine;
using UnityEngine.Audio;

namespace Oscbridge
{
    /// <summary>
    /// Where the music of an AdaptiveMusicController sounds: two decks for sections, a source for each
    /// layer and stinger, and their volumes. A conductor directs it; it knows no requests but those that
    /// are in force.
    /// </summary>
    sealed class MusicStage : IStage
    {
        const int Decks = 2;

        /// <summary>-80 dB: a voice at 0 may become a virtual one, which need not keep its place to the sample.</summary>
        const float Silence = 1e-4f;

        /// <summary>A change smaller than this is not heard.</summary>
        const float DeadBand = 5e-5f;

        readonly AdaptiveMusicController music;
        readonly AudioSource[] decks;
        readonly AudioSource[] layers;
        readonly AudioSource[] stingers;
        readonly Cooldown[] cooldowns;
        readonly LayerMix mix;
        Ducking ducking;
        float valence;
        float arousal;

        public MusicStage(AdaptiveMusicController music, AudioMixerGroup output)
        {
            this.music = music;
            var host = new GameObject("oscbridge music");
            host.transform.SetParent(music.transform, false);
            decks = MakeSources(host, Decks, true, output);
            layers = MakeSources(host, music.Layers.Length, true, output);
            stingers = MakeSources(host, music.Stingers.Length, false, output);
            cooldowns = new Cooldown[music.Stingers.Length];
            mix = new LayerMix(music.Layers.Length);
        }

        /// <summary>Where the lead is in the plane, for layers that blend.</summary>
        public void Lead(float leadValence, float leadArousal)
        {
            valence = leadValence;
            arousal = leadArousal;
        }

        /// <summary>The quadrant whose volumes the layers have, or are on their way to.</summary>
        public Quadrant Quadrant { get; private set; }

        /// <summary>Let all layers begin together, on a clock that may have begun anew.</summary>
        public void Begin(Quadrant quadrant, double at)
        {
            Array.Clear(cooldowns, 0, cooldowns.Length);
            ducking = default(Ducking);
            for (var i = 0; i < layers.Length; i++)
            {
                if (music.Layers[i].Clip != null)
                {
                    Schedule(layers[i], music.Layers[i].Clip, at, 0f);
                }
            }
            AffectPlane.PointOf(quadrant, 0.5f, out valence, out arousal);
            AimLayers(quadrant);
            mix.Begin(at, 0.0);
        }

        public void Stop()
        {
            Stop(decks);
            Stop(layers);
            Stop(stingers);
        }

        /// <summary>Move all volumes to where they are at this instant.</summary>
        public void Update(Conductor conductor, double now)
        {
            MoveLayers(now);
            var master = music.Volume * ducking.Gain(now);
            for (var i = 0; i < layers.Length; i++)
            {
                SetVolume(layers[i], mix.Volume(i) * master);
            }
            for (var deck = 0; deck < Decks; deck++)
            {
                var section = conductor.SectionOn(deck);
                if (section >= 0)
                {
                    SetVolume(decks[deck], conductor.Gain(deck, now) * music.Sections[section].Volume * master);
                }
            }
        }

        /// <summary>
        /// How far what plays is behind the clock, as after a pause of the sound; a loop later or
        /// earlier is the same place. 0 where nothing plays.
        /// </summary>
        public double DriftOf(Conductor conductor, double now)
        {
            var source = conductor.CurrentDeck >= 0 ? decks[conductor.CurrentDeck]
                : layers.Length > 0 ? layers[0] : null;
            if (source == null || source.clip == null || now < conductor.CurrentStart)
            {
                return 0.0;
            }
            var length = (double)source.clip.samples / source.clip.frequency;
            var position = (double)source.timeSamples / source.clip.frequency;
            return Math.IEEERemainder(now - conductor.CurrentStart - position, length);
        }

        /// <summary>The stinger of a cause that fits best: by its name, else by its quadrant; -1 for none.</summary>
        public int FindStinger(StingerCause cause, Quadrant quadrant, string label)
        {
            var found = -1;
            for (var i = 0; i < stingers.Length; i++)
            {
                var stinger = music.Stingers[i];
                if (stinger.Cause != cause || stinger.Clip == null)
                {
                    continue;
                }
                if (label.Length > 0 && string.Equals(stinger.Name, label, StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
                var fits = stinger.Quadrant == Quadrant.Unknown || stinger.Quadrant == quadrant;
                found = fits && found < 0 ? i : found;
            }
            return found;
        }

        /// <summary>Sound a stinger, if it may sound again.</summary>
        public void Strike(int index, double at)
        {
            var stinger = music.Stingers[index];
            if (cooldowns[index].Take(at, stinger.CooldownSeconds))
            {
                Schedule(stingers[index], stinger.Clip, at, stinger.Volume * music.Volume);
            }
        }

        bool IStage.HasLayers { get { return layers.Length > 0; } }

        bool IStage.CanStrike(MusicRequest request, double at)
        {
            var index = FindStinger(StingerCause.Request, request.Quadrant, request.Label);
            return index >= 0 && cooldowns[index].IsOver(at, music.Stingers[index].CooldownSeconds);
        }

        void IStage.Play(int deck, int section, double at, bool atOnce)
        {
            // What begins without a fade is loud from its first sample, not from the next frame.
            var volume = atOnce ? music.Sections[section].Volume * music.Volume * ducking.Gain(at) : 0f;
            Schedule(decks[deck], music.Sections[section].Clip, at, volume);
        }

        void IStage.StopAt(int deck, double at)
        {
            decks[deck].SetScheduledEndTime(at);
        }

        double IStage.Strike(MusicRequest request, double at)
        {
            var index = FindStinger(StingerCause.Request, request.Quadrant, request.Label);
            if (index < 0)
            {
                return 0.0;
            }
            Strike(index, at);
            return music.Stingers[index].Clip.length;
        }

        void IStage.Turn(MusicRequest request, Quadrant quadrant, double at, double fadeSeconds)
        {
            if (request.HasTarget)
            {
                Lead(request.Valence, request.Arousal);
            }
            if (request.Transition != Transition.Param)
            {
                AimLayers(quadrant);
                mix.Begin(at, fadeSeconds);
            }
            music.TellTurn(request);
        }

        void IStage.Duck(double at, double fadeSeconds, double holdSeconds)
        {
            ducking.Begin(at, fadeSeconds, holdSeconds, music.DuckDecibels);
        }

        void IStage.Acknowledge(int id, Ack state, double secondsUntilStart)
        {
            music.Acknowledge(id, state, secondsUntilStart);
        }

        void AimLayers(Quadrant quadrant)
        {
            Quadrant = quadrant;
            for (var i = 0; i < layers.Length; i++)
            {
                mix.SetTarget(i, music.Layers[i].Volumes.Of(quadrant));
            }
        }

        void MoveLayers(double now)
        {
            if (!music.BlendLayers)
            {
                mix.Update(now);
                return;
            }
            for (var i = 0; i < layers.Length; i++)
            {
                mix.SetTarget(i, music.Layers[i].Volumes.At(valence, arousal));
            }
            mix.Follow(Time.unscaledDeltaTime, music.BlendSeconds);
        }

        static void Schedule(AudioSource source, AudioClip clip, double at, float volume)
        {
            source.Stop();
            source.clip = clip;
            SetVolume(source, volume);
            source.PlayScheduled(at);
        }

        /// <summary>A volume is only set where it changes, and never quite to 0 (see Silence).</summary>
        static void SetVolume(AudioSource source, float volume)
        {
            volume = Mathf.Max(volume, Silence);
            if (Mathf.Abs(source.volume - volume) > DeadBand)
            {
                source.volume = volume;
            }
        }

        static void Stop(AudioSource[] sources)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                if (sources[i] != null)
                {
                    sources[i].Stop();
                }
            }
        }

        static AudioSource[] MakeSources(GameObject host, int count, bool loop, AudioMixerGroup output)
        {
            var sources = new AudioSource[count];
            for (var i = 0; i < count; i++)
            {
                sources[i] = host.AddComponent<AudioSource>();
                sources[i].playOnAwake = false;
                sources[i].loop = loop;
                sources[i].spatialBlend = 0f;
                sources[i].priority = 0;
                sources[i].outputAudioMixerGroup = output;
            }
            return sources;
        }
    }
}
