using System;
using UnityEngine;
using UnityEngine.Audio;

namespace Oscbridge
{
    /// <summary>Who decides which music plays.</summary>
    public enum MusicLead
    {
        /// <summary>oscbridge asks for other music; each request is acknowledged.</summary>
        Requests,
        /// <summary>The quadrant of the music that oscbridge hears.</summary>
        HeardMusic,
        /// <summary>The quadrant of what the player feels.</summary>
        Player,
        /// <summary>Only your own calls of Ask.</summary>
        Script,
    }

    /// <summary>
    /// Music that follows: layers that fade at equal power, sections that change on the bar, stingers
    /// on the beat. All of it is scheduled on the clock of the sound card, so frames may stutter.
    /// </summary>
    [AddComponentMenu("oscbridge/Adaptive Music Controller")]
    public sealed class AdaptiveMusicController : MonoBehaviour, IStage
    {
        /// <summary>Time to load and to line up before the first sound.</summary>
        const double StartAhead = 0.25;

        /// <summary>A position that is off by more than this after a pause is moved.</summary>
        const double MaxDrift = 0.1;

        /// <summary>Positions are told late by some blocks of sound; they settle after a pause.</summary>
        const double SettleSeconds = 0.3;

        [Tooltip("Empty: the client of the scene.")]
        [SerializeField] OscbridgeClient client = null;
        [SerializeField] MusicLead lead = MusicLead.Requests;
        [SerializeField] AudioMixerGroup output = null;
        [Range(0f, 1f)] [SerializeField] float volume = 1f;

        [Header("Metre")]
        [SerializeField] float beatsPerMinute = 120f;
        [SerializeField] int beatsPerBar = 4;

        [Header("When it changes by itself")]
        [SerializeField] Quantise quantise = Quantise.Bar;
        [SerializeField] float fadeBeats = 4f;
        [Tooltip("How far the middle has to be passed, 0..0.5.")]
        [Range(0f, 0.5f)] [SerializeField] float hysteresis = 0.1f;
        [Tooltip("The shortest stay.")]
        [SerializeField] float dwellSeconds = 8f;
        [Tooltip("Layers follow every movement instead of fading from quadrant to quadrant.")]
        [SerializeField] bool blendLayers = false;
        [Tooltip("Time constant of that, seconds.")]
        [SerializeField] float blendSeconds = 1f;
        [Tooltip("How much softer on a request to duck, dB.")]
        [SerializeField] float duckDecibels = 12f;

        [Header("Music")]
        [SerializeField] MusicLayer[] layers = new MusicLayer[0];
        [SerializeField] MusicSection[] sections = new MusicSection[0];
        [SerializeField] MusicStinger[] stingers = new MusicStinger[0];
        [Tooltip("Of the first section, and of the layers until something is known.")]
        [SerializeField] Quadrant firstQuadrant = Quadrant.Unknown;

        [Tooltip("Intensity of a request that has come into force, 0..1.")]
        [SerializeField] FloatEvent intensityChanged = new FloatEvent();
        [Tooltip("Name of the section that begins.")]
        [SerializeField] TextEvent sectionStarted = new TextEvent();

        readonly QuadrantGate gate = new QuadrantGate();
        readonly PulseCounter pulses = new PulseCounter();
        Cooldown[] cooldowns;
        MusicSources sources;
        LayerMix mix;
        Conductor conductor;
        Ducking ducking;
        OscbridgeClient heard;
        bool isPlaying;
        bool wasPaused;
        double settlesAt;
        float blendValence;
        float blendArousal;

        public OscbridgeClient Client { get { return client; } set { client = value; } }

        public MusicLead Lead { get { return lead; } set { lead = value; } }

        public float Volume { get { return volume; } set { volume = Mathf.Clamp01(value); } }

        public MusicLayer[] Layers { get { return layers; } set { layers = value; } }

        public MusicSection[] Sections { get { return sections; } set { sections = value; } }

        public MusicStinger[] Stingers { get { return stingers; } set { stingers = value; } }

        public float BeatsPerMinute { get { return beatsPerMinute; } set { beatsPerMinute = value; } }

        public int BeatsPerBar { get { return beatsPerBar; } set { beatsPerBar = value; } }

        public float DwellSeconds { get { return dwellSeconds; } set { dwellSeconds = value; } }

        public float Hysteresis { get { return hysteresis; } set { hysteresis = value; } }

        public float FadeBeats { get { return fadeBeats; } set { fadeBeats = value; } }

        public Quantise QuantiseTo { get { return quantise; } set { quantise = value; } }

        public bool BlendLayers { get { return blendLayers; } set { blendLayers = value; } }

        public Quadrant FirstQuadrant { get { return firstQuadrant; } set { firstQuadrant = value; } }

        public FloatEvent IntensityChanged { get { return intensityChanged; } }

        public TextEvent SectionStarted { get { return sectionStarted; } }

        /// <summary>What decides when which music begins; null before Start.</summary>
        public Conductor Conductor { get { return conductor; } }

        /// <summary>Whether the music is running.</summary>
        public bool IsPlaying { get { return isPlaying; } }

        /// <summary>Begin to play, layers and first section together.</summary>
        public void Play()
        {
            if (isPlaying)
            {
                return;
            }
            Prepare();
            isPlaying = true;
            var at = AudioSettings.dspTime + StartAhead;
            conductor.Begin(FirstSection(), at);
            for (var i = 0; i < layers.Length; i++)
            {
                if (layers[i].Clip != null)
                {
                    MusicSources.Play(sources.Layer(i), layers[i].Clip, at, 0f);
                }
            }
            AimLayers(firstQuadrant);
            mix.Begin(at, 0.0);
            TellTransport(true);
        }

        /// <summary>Stop at once.</summary>
        public void Stop()
        {
            if (isPlaying)
            {
                isPlaying = false;
                sources.StopAll();
                TellTransport(false);
            }
        }

        /// <summary>Ask for the music of a quadrant, at the controller's own quantise and fade.</summary>
        public void Ask(Quadrant quadrant)
        {
            if (quadrant != Quadrant.Unknown)
            {
                var isPleasant = quadrant == Quadrant.Happy || quadrant == Quadrant.Relaxed;
                var isExcited = quadrant == Quadrant.Happy || quadrant == Quadrant.Tense;
                Ask("", isPleasant ? 0.5f : -0.5f, isExcited ? 0.5f : -0.5f, true);
            }
        }

        /// <summary>The same with a number, for events of the inspector.</summary>
        public void AskQuadrant(int quadrant)
        {
            Ask((Quadrant)quadrant);
        }

        /// <summary>Ask for the section of this name.</summary>
        public void AskSection(string section)
        {
            Ask(section, 0f, 0f, false);
        }

        /// <summary>Take a request, as if oscbridge had made it.</summary>
        public void Take(MusicRequest request)
        {
            if (isPlaying)
            {
                conductor.Take(request, AudioSettings.dspTime);
            }
            else
            {
                ((IStage)this).Acknowledge(request.Id, Ack.Rejected, 0.0);
            }
        }

        bool IStage.HasLayers { get { return layers.Length > 0; } }

        bool IStage.CanStrike(MusicRequest request, double at)
        {
            return FindStinger(StingerCause.Request, request.Quadrant, request.Label) >= 0;
        }

        void IStage.Play(int deck, int section, double at)
        {
            MusicSources.Play(sources.Deck(deck), sections[section].Clip, at, 0f);
            SetDeckVolume(deck, section, at);
        }

        void IStage.StopAt(int deck, double at)
        {
            sources.Deck(deck).SetScheduledEndTime(at);
        }

        double IStage.Strike(MusicRequest request, double at)
        {
            var stinger = FindStinger(StingerCause.Request, request.Quadrant, request.Label);
            return stinger >= 0 && Strike(stinger, at) ? stingers[stinger].Clip.length : 0.0;
        }

        void IStage.Turn(MusicRequest request, double at, double fadeSeconds)
        {
            blendValence = request.Valence;
            blendArousal = request.Arousal;
            if (request.Transition != Transition.Param)
            {
                AimLayers(request.HasTarget ? request.Quadrant : QuadrantOfSection());
                mix.Begin(at, fadeSeconds);
            }
            if (request.Transition != Transition.Param && conductor.CurrentSection >= 0)
            {
                sectionStarted.Invoke(sections[conductor.CurrentSection].Name);
            }
            intensityChanged.Invoke(request.Intensity);
        }

        void IStage.Duck(double at, double fadeSeconds, double holdSeconds)
        {
            ducking.Begin(at, fadeSeconds, holdSeconds, duckDecibels);
        }

        void IStage.Acknowledge(int id, Ack state, double secondsUntilStart)
        {
            if (heard != null)
            {
                heard.Acknowledge(id, state, secondsUntilStart);
            }
        }

        void Start()
        {
            Play();
        }

        void OnDisable()
        {
            Hear(null);
            Stop();
        }

        void OnEnable()
        {
            if (conductor != null)
            {
                Play();
            }
        }

        void OnApplicationPause(bool paused)
        {
            wasPaused |= paused;
        }

        void Update()
        {
            Hear(client != null ? client : OscbridgeClient.Active);
            if (!isPlaying)
            {
                return;
            }
            var now = AudioSettings.dspTime;
            AlignAfterPause(now);
            Follow(now);
            conductor.DwellSeconds = dwellSeconds;
            conductor.Update(now);
            MoveLayers(now);
            ApplyVolumes(now);
            if (pulses.Update(conductor.Grid, now) && heard != null && heard.Voice != null)
            {
                heard.Voice.BeatAt(pulses.Beat);
                heard.Voice.BarAt(pulses.Bar);
            }
        }

        /// <summary>Build sources and rules from what the inspector says.</summary>
        void Prepare()
        {
            if (conductor != null)
            {
                return;
            }
            sources = new MusicSources(transform, layers.Length, stingers.Length, output);
            mix = new LayerMix(layers.Length);
            cooldowns = new Cooldown[stingers.Length];
            var score = new Section[sections.Length];
            for (var i = 0; i < sections.Length; i++)
            {
                score[i] = SectionOf(sections[i]);
                Load(sections[i].Clip, sections[i].Name);
            }
            foreach (var layer in layers)
            {
                Load(layer.Clip, layer.Name);
            }
            foreach (var stinger in stingers)
            {
                Load(stinger.Clip, stinger.Name);
            }
            var home = new Section { BeatsPerMinute = beatsPerMinute, BeatsPerBar = beatsPerBar };
            conductor = new Conductor(new Score(score), home, this);
        }

        Section SectionOf(MusicSection section)
        {
            var bpm = section.BeatsPerMinute > 0f ? section.BeatsPerMinute : beatsPerMinute;
            var beats = section.BeatsPerBar > 0 ? section.BeatsPerBar : beatsPerBar;
            var bars = section.Bars;
            if (bars <= 0 && section.Clip != null)
            {
                bars = Math.Max(1, (int)Math.Round(section.Clip.length * bpm / 60.0 / beats));
            }
            return new Section
            {
                Name = section.Name,
                Quadrant = section.Quadrant,
                BeatsPerMinute = bpm,
                BeatsPerBar = beats,
                Bars = bars,
                CueBars = section.CueBars,
            };
        }

        /// <summary>A clip that is read from disk when it should sound comes late.</summary>
        void Load(AudioClip clip, string name)
        {
            if (clip == null)
            {
                Debug.LogWarning("oscbridge: \"" + name + "\" has no clip", this);
            }
            else
            {
                clip.LoadAudioData();
            }
        }

        int FirstSection()
        {
            if (sections.Length == 0)
            {
                return -1;
            }
            for (var i = 0; i < sections.Length; i++)
            {
                if (sections[i].Quadrant == firstQuadrant)
                {
                    return i;
                }
            }
            return 0;
        }

        Quadrant QuadrantOfSection()
        {
            return conductor.CurrentSection >= 0 ? sections[conductor.CurrentSection].Quadrant : firstQuadrant;
        }

        void Ask(string label, float valence, float arousal, bool hasTarget)
        {
            Take(new MusicRequest
            {
                HasTarget = hasTarget,
                Valence = valence,
                Arousal = arousal,
                Intensity = (arousal + 1f) * 0.5f,
                Transition = Transition.Crossfade,
                Quantise = quantise,
                FadeBeats = fadeBeats,
                Reason = Reason.User,
                Label = label,
            });
        }

        /// <summary>Listen to the events of this client, and no longer to those of another.</summary>
        void Hear(OscbridgeClient source)
        {
            if (ReferenceEquals(source, heard))
            {
                return;
            }
            if (!ReferenceEquals(heard, null))
            {
                heard.MusicRequested -= OnRequest;
                heard.RequestCancelled -= OnCancel;
                heard.SegmentBoundary -= OnBoundary;
                heard.QuadrantEntered -= OnQuadrant;
            }
            heard = source;
            if (source != null)
            {
                source.MusicRequested += OnRequest;
                source.RequestCancelled += OnCancel;
                source.SegmentBoundary += OnBoundary;
                source.QuadrantEntered += OnQuadrant;
                TellTransport(isPlaying);
            }
        }

        void OnRequest(MusicRequest request)
        {
            if (lead == MusicLead.Requests)
            {
                Take(request);
            }
        }

        void OnCancel(int id)
        {
            if (isPlaying)
            {
                conductor.Cancel(id);
            }
        }

        void OnBoundary(SegmentBoundary boundary)
        {
            StrikeOn(StingerCause.SegmentBoundary, heard.State.Quadrant);
        }

        void OnQuadrant(QuadrantEntry entry)
        {
            StrikeOn(StingerCause.QuadrantEntered, entry.Quadrant);
        }

        void StrikeOn(StingerCause cause, Quadrant quadrant)
        {
            var stinger = FindStinger(cause, quadrant, "");
            if (stinger >= 0 && isPlaying)
            {
                var earliest = Math.Max(AudioSettings.dspTime + Conductor.Soonest, conductor.CurrentStart);
                Strike(stinger, conductor.NextPoint(earliest, stingers[stinger].Quantise));
            }
        }

        int FindStinger(StingerCause cause, Quadrant quadrant, string label)
        {
            var found = -1;
            for (var i = 0; i < stingers.Length; i++)
            {
                if (stingers[i].Cause != cause || stingers[i].Clip == null)
                {
                    continue;
                }
                if (label.Length > 0 && string.Equals(stingers[i].Name, label, StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
                var fits = stingers[i].Quadrant == Quadrant.Unknown || stingers[i].Quadrant == quadrant;
                found = fits && found < 0 ? i : found;
            }
            return found;
        }

        bool Strike(int stinger, double at)
        {
            if (!cooldowns[stinger].Take(at, stingers[stinger].CooldownSeconds))
            {
                return false;
            }
            MusicSources.Play(sources.Stinger(stinger), stingers[stinger].Clip, at, stingers[stinger].Volume * volume);
            return true;
        }

        /// <summary>Follow a quadrant, where no requests lead.</summary>
        void Follow(double now)
        {
            float valence, arousal;
            if (!TryGetLead(out valence, out arousal))
            {
                return;
            }
            blendValence = valence;
            blendArousal = arousal;
            gate.Hysteresis = hysteresis;
            gate.DwellSeconds = dwellSeconds;
            if (!gate.Update(valence, arousal, now))
            {
                return;
            }
            conductor.Take(
                new MusicRequest
                {
                    HasTarget = true,
                    Valence = valence,
                    Arousal = arousal,
                    Intensity = (arousal + 1f) * 0.5f,
                    Transition = Transition.Crossfade,
                    Quantise = quantise,
                    FadeBeats = fadeBeats,
                    Reason = Reason.Music,
                    Label = "",
                },
                now);
        }

        bool TryGetLead(out float valence, out float arousal)
        {
            valence = arousal = 0f;
            if (heard == null || heard.Bridge == null)
            {
                return false;
            }
            var ofPlayer = lead == MusicLead.Player;
            if (!ofPlayer && lead != MusicLead.HeardMusic)
            {
                return false;
            }
            var signal = ofPlayer ? Signal.PlayerValence : Signal.Valence;
            if (heard.Bridge.Board.Count(signal) == 0)
            {
                return false;
            }
            valence = heard.Number(signal);
            arousal = heard.Number(ofPlayer ? Signal.PlayerArousal : Signal.Arousal);
            return true;
        }

        void AimLayers(Quadrant quadrant)
        {
            for (var i = 0; i < layers.Length; i++)
            {
                mix.SetTarget(i, layers[i].Volumes.Of(quadrant));
            }
        }

        void MoveLayers(double now)
        {
            if (!blendLayers)
            {
                mix.Update(now);
                return;
            }
            for (var i = 0; i < layers.Length; i++)
            {
                mix.SetTarget(i, layers[i].Volumes.At(blendValence, blendArousal));
            }
            mix.Follow(Time.deltaTime, blendSeconds);
        }

        void ApplyVolumes(double now)
        {
            var master = volume * ducking.Gain(now);
            for (var i = 0; i < layers.Length; i++)
            {
                MusicSources.SetVolume(sources.Layer(i), mix.Volume(i) * master);
            }
            for (var deck = 0; deck < 2; deck++)
            {
                var section = conductor.SectionOn(deck);
                if (section >= 0)
                {
                    MusicSources.SetVolume(sources.Deck(deck), conductor.Gain(deck, now) * sections[section].Volume * master);
                }
            }
        }

        /// <summary>What begins without a fade is loud from its first sample, not from the next frame.</summary>
        void SetDeckVolume(int deck, int section, double at)
        {
            if (conductor.BeginsAtOnce(deck))
            {
                sources.Deck(deck).volume = sections[section].Volume * volume * ducking.Gain(at);
            }
        }

        void TellTransport(bool playing)
        {
            if (heard == null || heard.Voice == null)
            {
                return;
            }
            heard.Voice.Tempo(playing ? beatsPerMinute : 0f);
            heard.Voice.Playing(playing);
        }

        /// <summary>While sound was paused its clock went on: find out by how much, and move the grid.</summary>
        void AlignAfterPause(double now)
        {
            if (AudioListener.pause || wasPaused)
            {
                wasPaused = AudioListener.pause;
                settlesAt = now + SettleSeconds;
                return;
            }
            if (settlesAt <= 0.0 || now < settlesAt)
            {
                return;
            }
            settlesAt = 0.0;
            var source = conductor.CurrentDeck >= 0 ? sources.Deck(conductor.CurrentDeck)
                : layers.Length > 0 ? sources.Layer(0) : null;
            if (source == null || source.clip == null || source.clip.frequency == 0)
            {
                return;
            }
            var length = (double)source.clip.samples / source.clip.frequency;
            var position = (double)source.timeSamples / source.clip.frequency;
            var drift = (now - conductor.CurrentStart - position) % length;
            if (drift > MaxDrift && length - drift > MaxDrift)
            {
                conductor.Shift(drift);
            }
        }
    }
}
