using System;
using System.Collections.Generic;
using UnityEngine;

namespace Oscbridge
{
    /// <summary>
    /// The connection to oscbridge. One in a scene is enough: the other components find it by
    /// themselves. Everything is told on the main thread, before any other Update of the frame; in
    /// steady state it allocates nothing.
    /// </summary>
    [AddComponentMenu("oscbridge/Oscbridge Client")]
    [DefaultExecutionOrder(-1000)]
    [DisallowMultipleComponent]
    public sealed class OscbridgeClient : MonoBehaviour
    {
        const double Patience = 3.0;

        [Tooltip("Address of the computer that oscbridge runs on.")]
        [SerializeField] string host = "127.0.0.1";

        [Tooltip("The port on which oscbridge listens.")]
        [SerializeField] int port = Inlet.Port;

        [Tooltip("Ask oscbridge to send here. Off: start it with --to THIS-COMPUTER:RECEIVE-PORT.")]
        [SerializeField] bool subscribe = true;

        [Tooltip("The port on which we listen. 0: any free one, which never collides.")]
        [SerializeField] int receivePort = 0;

        [Tooltip("What addresses start with (oscbridge --prefix).")]
        [SerializeField] string prefix = "/oscbridge";

        [Tooltip("Which of several streams is meant (oscbridge run --stream NAME=…); else empty.")]
        [SerializeField] string stream = "";

        [SerializeField] ClientEvents events = new ClientEvents();

        readonly List<string> lines = new List<string>();
        BridgeSettings settings;
        Bridge bridge;
        double openedAt;
        bool hasWarned;
        bool wasPaused;

        static readonly List<OscbridgeClient> running = new List<OscbridgeClient>();

        /// <summary>Of the clients that are enabled the one that was enabled last; null where there is none.</summary>
        public static OscbridgeClient Active { get { return running.Count == 0 ? null : running[running.Count - 1]; } }

        public event Action<float> ValenceChanged;
        public event Action<float> ArousalChanged;
        public event Action<QuadrantEntry> QuadrantEntered;
        public event Action<SegmentBoundary> SegmentBoundary;
        public event Action<MusicRequest> MusicRequested;
        public event Action<int> RequestCancelled;
        public event Action<BridgeStatus> StatusChanged;

        /// <summary>What the music expresses right now.</summary>
        public AffectState State { get { return bridge == null ? default(AffectState) : bridge.State; } }

        public BridgeStatus Status { get { return bridge == null ? default(BridgeStatus) : bridge.Status; } }

        /// <summary>Everything else: all signals, all events, what can be said. Null while disabled.</summary>
        public Bridge Bridge { get { return bridge; } }

        /// <summary>What can be said to oscbridge. Null while disabled.</summary>
        public BridgeVoice Voice { get { return bridge == null ? null : bridge.Voice; } }

        public string Host { get { return host; } set { host = value; } }

        public int Port { get { return port; } set { port = value; } }

        public bool Subscribe { get { return subscribe; } set { subscribe = value; } }

        public int ReceivePort { get { return receivePort; } set { receivePort = value; } }

        public string Prefix { get { return prefix; } set { prefix = value; } }

        public string Stream { get { return stream; } set { stream = value; } }

        /// <summary>The client of the scene; a new one with the usual settings where there is none.</summary>
        public static OscbridgeClient FindOrCreate()
        {
            return Active != null ? Active : new GameObject("oscbridge").AddComponent<OscbridgeClient>();
        }

        /// <summary>The newest number of a signal; 0 before the first.</summary>
        public float Number(Signal signal, int argument = 0)
        {
            return bridge == null ? 0f : bridge.Board.Number(signal, argument);
        }

        /// <summary>The newest text of a signal; empty before the first.</summary>
        public string Text(Signal signal, int argument = 0)
        {
            return bridge == null ? "" : bridge.Board.Text(signal, argument);
        }

        /// <summary>How well a label of your own fits, 0..1, by its slug; needs oscbridge run --also label.</summary>
        public float Weight(string slug)
        {
            return bridge == null ? 0f : bridge.Board.Labels.Of(slug);
        }

        /// <summary>Answer a request: queued, started, done, rejected or expired.</summary>
        public void Acknowledge(int id, Ack state, double secondsUntilStart = 0.0)
        {
            if (bridge != null)
            {
                bridge.Acknowledge(id, state, secondsUntilStart);
            }
        }

        /// <summary>Open the connection anew, after its settings were changed.</summary>
        [ContextMenu("Reconnect")]
        public void Reconnect()
        {
            if (isActiveAndEnabled)
            {
                Close();
                Open();
            }
        }

        /// <summary>How the connection is, in sentences: a verdict, then reasons to check.</summary>
        public LinkHealth Explain(List<string> sentences)
        {
            if (bridge != null)
            {
                return LinkDiagnosis.Explain(bridge, settings, Time.realtimeSinceStartupAsDouble, sentences);
            }
            sentences.Clear();
            sentences.Add("the client is not running: press Play, and enable it");
            return LinkHealth.Waiting;
        }

        /// <summary>Play mode may begin without a reload of the scripts: forget the last one.</summary>
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void ForgetRunning()
        {
            running.Clear();
        }

        void OnEnable()
        {
            running.Add(this);
            Open();
        }

        void OnDisable()
        {
            Close();
            running.Remove(this);
        }

        void Update()
        {
            if (bridge != null)
            {
                // Last what others are told: they may disable us.
                var now = Time.realtimeSinceStartupAsDouble;
                WarnOfSilence(now);
                bridge.Poll(now);
            }
        }

        void OnApplicationPause(bool paused)
        {
            if (!paused && wasPaused && bridge != null)
            {
                bridge.Resume(Time.realtimeSinceStartupAsDouble);
            }
            wasPaused = paused;
        }

        void Open()
        {
            settings = new BridgeSettings
            {
                Host = host.Trim(),
                Port = port,
                Subscribe = subscribe,
                ReceivePort = receivePort,
                Prefix = prefix,
                Stream = stream,
            };
            try
            {
                bridge = new Bridge(settings);
            }
            catch (ArgumentException error)
            {
                Debug.LogError("oscbridge: Host: " + error.Message, this);
                return;
            }
            Listen(bridge.Events);
            openedAt = Time.realtimeSinceStartupAsDouble;
            hasWarned = false;
            if (!bridge.Open(openedAt))
            {
                Debug.LogError("oscbridge: " + bridge.Trouble, this);
                hasWarned = true;
            }
        }

        void Close()
        {
            if (bridge != null)
            {
                bridge.Dispose();
                bridge = null;
            }
        }

        void Listen(BridgeEvents source)
        {
            source.ValenceChanged += OnValence;
            source.ArousalChanged += OnArousal;
            source.QuadrantEntered += OnQuadrant;
            source.SegmentBoundary += OnBoundary;
            source.MusicRequested += OnRequest;
            source.RequestCancelled += OnCancel;
            source.StatusChanged += OnStatus;
        }

        void OnValence(float valence)
        {
            if (ValenceChanged != null)
            {
                ValenceChanged(valence);
            }
            events.ValenceChanged.Invoke(valence);
        }

        void OnArousal(float arousal)
        {
            if (ArousalChanged != null)
            {
                ArousalChanged(arousal);
            }
            events.ArousalChanged.Invoke(arousal);
        }

        void OnQuadrant(QuadrantEntry entry)
        {
            if (QuadrantEntered != null)
            {
                QuadrantEntered(entry);
            }
            events.QuadrantEntered.Invoke((int)entry.Quadrant);
            events.LabelEntered.Invoke(entry.Label);
        }

        void OnBoundary(SegmentBoundary boundary)
        {
            if (SegmentBoundary != null)
            {
                SegmentBoundary(boundary);
            }
            events.SegmentBoundary.Invoke(boundary.Strength);
        }

        void OnRequest(MusicRequest request)
        {
            if (MusicRequested != null)
            {
                MusicRequested(request);
            }
            events.MusicRequested.Invoke(request.Label);
        }

        void OnCancel(int id)
        {
            if (RequestCancelled != null)
            {
                RequestCancelled(id);
            }
        }

        void OnStatus(BridgeStatus status)
        {
            if (status.Link == LinkState.Lost)
            {
                openedAt = Time.realtimeSinceStartupAsDouble - Patience;
                hasWarned = false;
            }
            if (StatusChanged != null)
            {
                StatusChanged(status);
            }
            events.StatusChanged.Invoke(status.Link == LinkState.Connected ? status.Detail : status.Link.ToString());
        }

        /// <summary>Once a silence: what is wrong, and what to try.</summary>
        void WarnOfSilence(double now)
        {
            if (hasWarned || bridge.Link.State == LinkState.Connected || now - openedAt < Patience)
            {
                return;
            }
            hasWarned = true;
            Explain(lines);
            Debug.LogWarning("oscbridge: " + string.Join("\n- ", lines.ToArray()), this);
        }
    }
}
