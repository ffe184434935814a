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
    public sealed class AdaptiveMusicController : MonoBehaviour
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
        MusicStage stage;
        Conductor conductor;
        OscbridgeClient heard;
        bool isPlaying;
        bool wasPaused;
        double settlesAt;

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
            if (!isPlaying)
            {
                Prepare();
                Begin(FirstSection(), firstQuadrant);
            }
        }

        /// <summary>Stop at once.</summary>
        public void Stop()
        {
            if (isPlaying)
            {
                isPlaying = false;
                conductor.End();
                stage.Stop();
                TellTransport(false);
            }
        }

        /// <summary>Ask for the music of a quadrant, at the controller's own quantise and fade.</summary>
        public void Ask(Quadrant quadrant)
        {
            if (quadrant != Quadrant.Unknown)
            {
                float valence, arousal;
                AffectPlane.PointOf(quadrant, 0.5f, out valence, out arousal);
                Ask("", valence, arousal, true);
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
                Acknowledge(request.Id, Ack.Rejected, 0.0);
            }
        }

        internal float DuckDecibels { get { return duckDecibels; } }

        internal float BlendSeconds { get { return blendSeconds; } }

        /// <summary>A request is in force: tell those who listen.</summary>
        internal void TellTurn(MusicRequest request)
        {
            if (request.Transition != Transition.Param && conductor.CurrentSection >= 0)
            {
                sectionStarted.Invoke(sections[conductor.CurrentSection].Name);
            }
            intensityChanged.Invoke(request.Intensity);
            TellTransport(true);
        }

        internal void Acknowledge(int id, Ack state, double secondsUntilStart)
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
            AudioSettings.OnAudioConfigurationChanged -= OnAudioReset;
            Stop();
            Hear(null);
        }

        void OnEnable()
        {
            AudioSettings.OnAudioConfigurationChanged += OnAudioReset;
            if (conductor != null)
            {
                Play();
            }
        }

        void OnValidate()
        {
            ListedDefaults.Restore(layers);
            ListedDefaults.Restore(sections);
            ListedDefaults.Restore(stingers);
        }

        void OnApplicationPause(bool paused)
        {
            wasPaused |= paused;
        }

        /// <summary>
        /// Another device plays the sound, such as headphones that were plugged in: Unity has silenced
        /// everything, and the clock of the sound may begin anew. So does the section that played.
        /// </summary>
        void OnAudioReset(bool deviceWasChanged)
        {
            if (isPlaying)
            {
                var section = conductor.CurrentSection;
                var quadrant = stage.Quadrant;
                Stop();
                Begin(section, quadrant);
            }
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
            stage.Update(conductor, now);
            if (pulses.Update(conductor.Grid, now) && heard != null && heard.Voice != null)
            {
                heard.Voice.BeatAt(pulses.Beat);
                heard.Voice.BarAt(pulses.Bar);
            }
        }

        /// <summary>Let a section, or none (-1), begin together with the layers of a quadrant.</summary>
        void Begin(int section, Quadrant quadrant)
        {
            isPlaying = true;
            settlesAt = 0.0;
            gate.Reset();
            var at = AudioSettings.dspTime + StartAhead;
            conductor.Begin(section, at);
            stage.Begin(quadrant, at);
            TellTransport(true);
        }

        /// <summary>Build sources and rules from what the inspector says.</summary>
        void Prepare()
        {
            if (conductor != null)
            {
                return;
            }
            stage = new MusicStage(this, output);
            var score = new Section[sections.Length];
            for (var i = 0; i < sections.Length; i++)
            {
                score[i] = sections[i].ToSection(beatsPerMinute, beatsPerBar);
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
            conductor = new Conductor(new Score(score), home, stage);
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

        void Ask(string label, float valence, float arousal, bool hasTarget)
        {
            Take(OwnRequest(label, valence, arousal, hasTarget, Reason.User));
        }

        /// <summary>A request that nobody has to be told of, in the controller's own manner.</summary>
        MusicRequest OwnRequest(string label, float valence, float arousal, bool hasTarget, Reason reason)
        {
            return new MusicRequest
            {
                HasTarget = hasTarget,
                Valence = valence,
                Arousal = arousal,
                Intensity = (arousal + 1f) * 0.5f,
                Transition = Transition.Crossfade,
                Quantise = quantise,
                FadeBeats = fadeBeats,
                Reason = reason,
                Label = label,
            };
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
                heard.StatusChanged -= OnStatus;
            }
            heard = source;
            if (source != null)
            {
                source.MusicRequested += OnRequest;
                source.RequestCancelled += OnCancel;
                source.SegmentBoundary += OnBoundary;
                source.QuadrantEntered += OnQuadrant;
                source.StatusChanged += OnStatus;
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

        /// <summary>An oscbridge that has just been found does not know what plays here.</summary>
        void OnStatus(BridgeStatus status)
        {
            if (status.Link == LinkState.Connected)
            {
                TellTransport(isPlaying);
            }
        }

        void StrikeOn(StingerCause cause, Quadrant quadrant)
        {
            var stinger = isPlaying ? stage.FindStinger(cause, quadrant, "") : -1;
            if (stinger >= 0)
            {
                var earliest = Math.Max(AudioSettings.dspTime + Conductor.Soonest, conductor.CurrentStart);
                stage.Strike(stinger, conductor.NextPoint(earliest, stingers[stinger].Quantise));
            }
        }

        /// <summary>Follow a quadrant, where no requests lead.</summary>
        void Follow(double now)
        {
            float valence, arousal;
            if (!TryGetLead(out valence, out arousal))
            {
                return;
            }
            stage.Lead(valence, arousal);
            gate.Hysteresis = hysteresis;
            gate.DwellSeconds = dwellSeconds;
            if (gate.Update(valence, arousal, now))
            {
                conductor.Take(OwnRequest("", valence, arousal, true, Reason.Music), now);
            }
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

        void TellTransport(bool playing)
        {
            if (heard == null || heard.Voice == null)
            {
                return;
            }
            heard.Voice.Tempo(playing ? (float)conductor.Grid.BeatsPerMinute : 0f);
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
            var drift = stage.DriftOf(conductor, now);
            if (Math.Abs(drift) > MaxDrift)
            {
                conductor.Shift(drift);
            }
        }
    }
}
