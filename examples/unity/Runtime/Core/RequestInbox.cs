namespace Oscbridge
{
    /// <summary>
    /// Makes one request of the forms in which it comes: the scalars, the trigger
    /// <c>request/go</c>, and the whole. The whole form counts where it arrives; a trigger whose whole
    /// form is lost counts after a twentieth of a second, with what scalars there were. Each id is
    /// handed out once.
    /// </summary>
    public sealed class RequestInbox
    {
        /// <summary>How long a trigger waits for its whole form.</summary>
        public const double PatienceSeconds = 0.05;

        readonly SignalBoard board;
        int lastId;
        MusicRequest pending;
        bool isPending;
        double pendingSince;
        bool hasValence;
        bool hasArousal;
        int scalarsHeard;

        public RequestInbox(SignalBoard board)
        {
            this.board = board;
        }

        /// <summary>Take a scalar of the request to come.</summary>
        public void HearScalar(Signal signal)
        {
            hasValence |= signal == Signal.RequestValence;
            hasArousal |= signal == Signal.RequestArousal;
            scalarsHeard++;
        }

        /// <summary>Take the trigger.</summary>
        public void HearGo(double now)
        {
            var id = board.Whole(Signal.RequestGo, 0);
            if (id == lastId || (isPending && pending.Id == id))
            {
                return;
            }
            pending = FromScalars(id);
            isPending = true;
            pendingSince = now;
            ForgetScalars();
        }

        /// <summary>Take the whole form; true where it is a request not handed out yet.</summary>
        public bool HearWhole(out MusicRequest request)
        {
            request = FromWhole();
            if (request.Id == lastId)
            {
                return false;
            }
            request.Label = isPending && pending.Id == request.Id
                ? pending.Label : board.Text(Signal.RequestLabel, 0);
            isPending = false;
            lastId = request.Id;
            ForgetScalars();
            return true;
        }

        /// <summary>Let time pass; true where a trigger has waited long enough.</summary>
        public bool Update(double now, out MusicRequest request)
        {
            request = pending;
            if (!isPending || now - pendingSince < PatienceSeconds)
            {
                return false;
            }
            isPending = false;
            lastId = pending.Id;
            return true;
        }

        /// <summary>A request is off; one that was not handed out yet never is.</summary>
        public void Cancel(int id)
        {
            if (isPending && pending.Id == id)
            {
                isPending = false;
                lastId = id;
            }
        }

        /// <summary>Another oscbridge speaks: its ids begin anew.</summary>
        public void Reset()
        {
            lastId = 0;
            isPending = false;
            ForgetScalars();
        }

        void ForgetScalars()
        {
            hasValence = hasArousal = false;
            scalarsHeard = 0;
        }

        MusicRequest FromWhole()
        {
            const Signal whole = Signal.Request;
            return new MusicRequest
            {
                Id = board.Whole(whole, 0),
                HasTarget = true,
                Valence = board.Number(whole, 1),
                Arousal = board.Number(whole, 2),
                Intensity = board.Number(whole, 3),
                Urgency = board.Number(whole, 4),
                Transition = TransitionOf(board.Text(whole, 5)),
                Quantise = QuantiseOf(board.Text(whole, 6)),
                FadeBeats = board.Number(whole, 7),
                HoldSeconds = board.Number(whole, 8),
                DeadlineSeconds = board.Number(whole, 9),
                Reason = ReasonOf(board.Text(whole, 10)),
                Label = "",
            };
        }

        /// <summary>The trigger's own arguments, and the scalars where they came before it.</summary>
        MusicRequest FromScalars(int id)
        {
            var complete = scalarsHeard > 0;
            return new MusicRequest
            {
                Id = id,
                HasTarget = hasValence && hasArousal,
                Valence = hasValence ? board.Number(Signal.RequestValence, 0) : 0f,
                Arousal = hasArousal ? board.Number(Signal.RequestArousal, 0) : 0f,
                Intensity = complete ? board.Number(Signal.RequestIntensity, 0) : 0.5f,
                Urgency = board.Number(Signal.RequestGo, 3),
                Transition = complete
                    ? TransitionOf(board.Text(Signal.RequestTransition, 0)) : Transition.Crossfade,
                Quantise = QuantiseOf(board.Text(Signal.RequestGo, 2)),
                FadeBeats = complete ? board.Number(Signal.RequestFade, 0) : 4f,
                HoldSeconds = complete ? board.Number(Signal.RequestHold, 0) : 0f,
                DeadlineSeconds = complete ? board.Number(Signal.RequestDeadline, 0) : 0f,
                Reason = Reason.Music,
                Label = board.Text(Signal.RequestGo, 1),
            };
        }

        static Transition TransitionOf(string word)
        {
            return (Transition)ProtocolWords.Find(
                ProtocolWords.Transition, word, (int)Transition.Crossfade);
        }

        static Quantise QuantiseOf(string word)
        {
            return (Quantise)ProtocolWords.Find(ProtocolWords.Quantise, word, (int)Quantise.Bar);
        }

        static Reason ReasonOf(string word)
        {
            return (Reason)ProtocolWords.Find(ProtocolWords.Reason, word, (int)Reason.Music);
        }
    }
}
