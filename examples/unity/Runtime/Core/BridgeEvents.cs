using System;

namespace Oscbridge
{
    /// <summary>
    /// What happens, as events of C#. Valence and arousal are told once a poll, however many values
    /// came; what has an id is told once, even where two ways lead here.
    /// </summary>
    public sealed class BridgeEvents
    {
        readonly SignalBoard board;
        readonly RequestInbox inbox;

        int lastBoundary;
        int lastStart;
        int lastSummary;
        int lastBeat;
        int lastBar;
        float toldValence;
        float toldArousal;
        BridgeStatus status;

        public BridgeEvents(SignalBoard board)
        {
            this.board = board;
            inbox = new RequestInbox(board);
            status.Detail = "";
            Forget();
        }

        public event Action<float> ValenceChanged;
        public event Action<float> ArousalChanged;
        public event Action<QuadrantEntry> QuadrantEntered;
        public event Action<SegmentBoundary> SegmentBoundary;
        public event Action<SegmentStart> SegmentStarted;
        public event Action<SegmentSummary> SegmentEnded;
        public event Action<Pulse> Beat;
        public event Action<Pulse> Bar;
        public event Action<MusicRequest> MusicRequested;
        public event Action<int> RequestCancelled;
        public event Action<BridgeStatus> StatusChanged;
        public event Action<BridgeError> ErrorReported;

        /// <summary>How well a label of the user's own fits; with oscbridge run --also label.</summary>
        public event Action<LabelWeight> LabelWeighed;

        /// <summary>Every signal, right after its values were stored; for what has no event of its own.</summary>
        public event Action<Signal> SignalHeard;

        /// <summary>What the music expresses, and what the player feels.</summary>
        public AffectState State { get { return Snapshot(); } }

        public BridgeStatus Status { get { return status; } }

        /// <summary>A signal came; its values are on the board.</summary>
        internal void Hear(Signal signal, double now)
        {
            switch (signal)
            {
                case Signal.Error:
                    Raise(ErrorReported, ReadError());
                    break;
                case Signal.QuadrantEnter:
                    Raise(QuadrantEntered, ReadQuadrantEntry());
                    break;
                case Signal.SegmentBoundary:
                    if (IsNew(signal, ref lastBoundary))
                    {
                        Raise(SegmentBoundary, ReadBoundary());
                    }
                    break;
                case Signal.SegmentStart:
                    if (IsNew(signal, ref lastStart))
                    {
                        Raise(SegmentStarted, ReadStart());
                    }
                    break;
                case Signal.SegmentSummary:
                    if (IsNew(signal, ref lastSummary))
                    {
                        Raise(SegmentEnded, ReadSummary());
                    }
                    break;
                case Signal.Beat:
                    if (IsNew(signal, ref lastBeat))
                    {
                        Raise(Beat, ReadPulse(signal));
                    }
                    break;
                case Signal.Bar:
                    if (IsNew(signal, ref lastBar))
                    {
                        Raise(Bar, ReadPulse(signal));
                    }
                    break;
                default:
                    HearRequest(signal, now);
                    break;
            }
            Raise(SignalHeard, signal);
        }

        internal void Hear(LabelWeight label)
        {
            Raise(LabelWeighed, label);
        }

        /// <summary>Tell what has changed since the last poll.</summary>
        internal void Update(LinkState link, double now)
        {
            MusicRequest late;
            if (inbox.Update(now, out late))
            {
                Raise(MusicRequested, late);
            }
            TellAffect();
            TellStatus(link);
        }

        /// <summary>Another oscbridge speaks, which counts anew.</summary>
        internal void Forget()
        {
            lastBoundary = lastStart = lastSummary = lastBeat = lastBar = -1;
            inbox.Reset();
        }

        void HearRequest(Signal signal, double now)
        {
            MusicRequest request;
            switch (signal)
            {
                case Signal.RequestGo:
                    inbox.HearGo(now);
                    break;
                case Signal.Request:
                    if (inbox.HearWhole(out request))
                    {
                        Raise(MusicRequested, request);
                    }
                    break;
                case Signal.RequestCancel:
                    inbox.Cancel(board.Whole(signal, 0));
                    Raise(RequestCancelled, board.Whole(signal, 0));
                    break;
                case Signal.RequestValence:
                case Signal.RequestArousal:
                case Signal.RequestIntensity:
                case Signal.RequestUrgency:
                case Signal.RequestTransition:
                case Signal.RequestQuantise:
                case Signal.RequestFade:
                case Signal.RequestHold:
                case Signal.RequestDeadline:
                case Signal.RequestLabel:
                    inbox.HearScalar(signal);
                    break;
            }
        }

        /// <summary>The same event comes twice where two ways lead here; its id tells.</summary>
        bool IsNew(Signal signal, ref int last)
        {
            var id = board.Whole(signal, 0);
            var isNew = id != last;
            last = id;
            return isNew;
        }

        QuadrantEntry ReadQuadrantEntry()
        {
            return new QuadrantEntry
            {
                Quadrant = (Quadrant)board.Whole(Signal.QuadrantEnter, 0),
                Label = board.Text(Signal.QuadrantEnter, 1),
                Confidence = board.Number(Signal.QuadrantEnter, 2),
            };
        }

        SegmentBoundary ReadBoundary()
        {
            return new SegmentBoundary
            {
                Id = board.Whole(Signal.SegmentBoundary, 0),
                AgeSeconds = board.Number(Signal.SegmentBoundary, 1) * 0.001f,
                Strength = board.Number(Signal.SegmentBoundary, 2),
            };
        }

        SegmentStart ReadStart()
        {
            return new SegmentStart
            {
                Id = board.Whole(Signal.SegmentStart, 0),
                Label = board.Text(Signal.SegmentStart, 1),
                Confidence = board.Number(Signal.SegmentStart, 2),
            };
        }

        SegmentSummary ReadSummary()
        {
            return new SegmentSummary
            {
                Id = board.Whole(Signal.SegmentSummary, 0),
                Valence = board.Number(Signal.SegmentSummary, 1),
                Arousal = board.Number(Signal.SegmentSummary, 2),
                Seconds = board.Number(Signal.SegmentSummary, 3),
            };
        }

        Pulse ReadPulse(Signal signal)
        {
            return new Pulse { Index = board.Whole(signal, 0), Confidence = board.Number(signal, 1) };
        }

        BridgeError ReadError()
        {
            return new BridgeError
            {
                Address = board.Text(Signal.Error, 0),
                Reason = board.Text(Signal.Error, 1),
            };
        }

        AffectState Snapshot()
        {
            return new AffectState
            {
                Valence = board.Number(Signal.Valence, 0),
                Arousal = board.Number(Signal.Arousal, 0),
                Confidence = board.Number(Signal.Confidence, 0),
                Intensity = board.Number(Signal.Intensity, 0),
                Music = board.Number(Signal.Music, 0),
                Tempo = board.Number(Signal.Tempo, 0),
                Quadrant = (Quadrant)board.Whole(Signal.Quadrant, 0),
                Label = board.Text(Signal.QuadrantLabel, 0),
                PlayerValence = board.Number(Signal.PlayerValence, 0),
                PlayerArousal = board.Number(Signal.PlayerArousal, 0),
                PlayerConfidence = board.Number(Signal.PlayerConfidence, 0),
            };
        }

        void TellAffect()
        {
            var valence = board.Number(Signal.Valence, 0);
            var arousal = board.Number(Signal.Arousal, 0);
            var valenceIsNew = valence != toldValence;
            var arousalIsNew = arousal != toldArousal;
            toldValence = valence;
            toldArousal = arousal;
            if (valenceIsNew)
            {
                Raise(ValenceChanged, valence);
            }
            if (arousalIsNew)
            {
                Raise(ArousalChanged, arousal);
            }
        }

        void TellStatus(LinkState link)
        {
            var fresh = new BridgeStatus
            {
                Link = link,
                State = (BridgeState)ProtocolWords.Find(
                    ProtocolWords.BridgeState, board.Text(Signal.Status, 0), (int)BridgeState.Starting),
                Detail = board.Text(Signal.Status, 1),
            };
            var isSame = fresh.Link == status.Link && fresh.State == status.State
                && string.Equals(fresh.Detail, status.Detail, StringComparison.Ordinal);
            status = fresh;
            if (!isSame)
            {
                Raise(StatusChanged, fresh);
            }
        }

        static void Raise<T>(Action<T> listeners, T what)
        {
            if (listeners != null)
            {
                listeners(what);
            }
        }
    }
}
