using System;

namespace Oscbridge
{
    /// <summary>
    /// Decides which music begins when. A request waits for its quantise point, is handed to the stage
    /// a little ahead of it, begins, fades, is done; each step is acknowledged. One request waits at a
    /// time: a newer one takes its place. Nothing is handed to the stage before it is certain, so what
    /// waits can be taken back. Knows no clock: times are instants on the clock of the sound card.
    /// </summary>
    public sealed class Conductor
    {
        /// <summary>How far ahead of its start a section is handed to the stage.</summary>
        public const double Lead = 0.2;

        /// <summary>"Now" is this far ahead, since no sound card can start in the past.</summary>
        public const double Soonest = 0.05;

        /// <summary>A frame that ends this close before a start, or after it, is too late for it.</summary>
        const double TooLate = 0.01;

        const int NoDeck = -1;
        const int Decks = 2;

        enum Phase
        {
            Free,
            Waiting,
            Committed,
            Running,
        }

        enum Move
        {
            Section,
            Layers,
            Stinger,
            Duck,
        }

        struct Plan
        {
            public Phase Phase;
            public Move Move;
            public MusicRequest Request;
            public int Section;
            public double Start;
            public double Seconds;
            public double Deadline;
        }

        struct Deck
        {
            public int Section;
            public double Start;
            public Fade In;
            public Fade Out;
            public bool IsLeaving;
        }

        readonly Score score;
        readonly IStage stage;
        readonly Section home;
        readonly Deck[] decks = new Deck[Decks];

        int current = NoDeck;
        double homeStart;
        double holdUntil = double.NegativeInfinity;
        Plan waiting;
        Plan running;
        MusicRequest deferred;
        bool hasDeferred;

        /// <param name="home">The meter of the music where no section plays.</param>
        public Conductor(Score score, Section home, IStage stage)
        {
            this.score = score;
            this.home = home;
            this.stage = stage;
            for (var i = 0; i < Decks; i++)
            {
                decks[i].Section = -1;
            }
        }

        /// <summary>The shortest stay in any music, seconds.</summary>
        public double DwellSeconds { get; set; }

        /// <summary>The section that plays; -1 where none does.</summary>
        public int CurrentSection { get { return current == NoDeck ? -1 : decks[current].Section; } }

        /// <summary>The deck that plays it; -1 where none does.</summary>
        public int CurrentDeck { get { return current; } }

        /// <summary>When the music that plays began.</summary>
        public double CurrentStart { get { return current == NoDeck ? homeStart : decks[current].Start; } }

        /// <summary>The grid of the music that plays.</summary>
        public BarGrid Grid { get { return Playing.Grid(CurrentStart); } }

        /// <summary>Whether something waits for its quantise point.</summary>
        public bool IsWaiting { get { return waiting.Phase != Phase.Free; } }

        /// <summary>When that begins.</summary>
        public double WaitingUntil { get { return waiting.Start; } }

        Section Playing { get { return current == NoDeck ? home : score[decks[current].Section]; } }

        /// <summary>Begin, at an instant that lies ahead, with a section or with none (-1).</summary>
        public void Begin(int section, double at)
        {
            homeStart = at;
            waiting = running = default(Plan);
            hasDeferred = false;
            holdUntil = double.NegativeInfinity;
            current = NoDeck;
            if (section >= 0)
            {
                Launch(0, section, at, 0.0);
                current = 0;
            }
        }

        /// <summary>
        /// Take a request; it is acknowledged as queued, rejected or expired, at the latest when what
        /// the stage has in its hands has begun.
        /// </summary>
        public void Take(MusicRequest request, double now)
        {
            if (waiting.Phase == Phase.Committed)
            {
                if (hasDeferred)
                {
                    Displace(deferred, request);
                }
                deferred = request;
                hasDeferred = true;
                return;
            }
            var plan = new Plan { Request = request, Phase = Phase.Waiting };
            if (!Choose(ref plan, now))
            {
                stage.Acknowledge(request.Id, Ack.Rejected, 0.0);
                return;
            }
            plan.Deadline = request.DeadlineSeconds > 0f
                ? now + request.DeadlineSeconds : double.PositiveInfinity;
            Arrange(plan, now);
        }

        /// <summary>Take back a request that waits; true where it did.</summary>
        public bool Cancel(int id)
        {
            if (hasDeferred && deferred.Id == id)
            {
                hasDeferred = false;
                return true;
            }
            if (waiting.Phase != Phase.Waiting || waiting.Request.Id != id)
            {
                return false;
            }
            waiting.Phase = Phase.Free;
            return true;
        }

        /// <summary>The music ends at once: what waits never begins, and what has begun is over.</summary>
        public void End()
        {
            if (running.Phase == Phase.Running)
            {
                Finish();
            }
            if (waiting.Phase != Phase.Free)
            {
                waiting.Phase = Phase.Free;
                stage.Acknowledge(waiting.Request.Id, Ack.Rejected, 0.0);
            }
            if (hasDeferred)
            {
                hasDeferred = false;
                stage.Acknowledge(deferred.Id, Ack.Rejected, 0.0);
            }
        }

        /// <summary>Let time pass; call it every frame.</summary>
        public void Update(double now)
        {
            if (running.Phase == Phase.Running && now >= running.Start + running.Seconds)
            {
                Finish();
            }
            if (waiting.Phase == Phase.Waiting && now >= waiting.Start - Lead)
            {
                Commit(now);
            }
            if (waiting.Phase == Phase.Committed && now >= waiting.Start)
            {
                Start();
                TakeDeferred(now);
            }
        }

        /// <summary>Amplitude of a deck: equal-power fades, and nothing for one that is done.</summary>
        public float Gain(int deck, double now)
        {
            var isStarting = waiting.Phase == Phase.Committed && waiting.Move == Move.Section
                && deck == Other(current);
            if (deck != current && !decks[deck].IsLeaving && !isStarting)
            {
                return 0f;
            }
            // Without a fade it is loud from its first sample: volumes move only once a frame.
            var gain = decks[deck].In.Seconds <= 0.0 ? 1f : decks[deck].In.In(now);
            return decks[deck].IsLeaving ? gain * decks[deck].Out.Out(now) : gain;
        }

        /// <summary>The section that a deck has been given; -1 before the first.</summary>
        public int SectionOn(int deck)
        {
            return decks[deck].Section;
        }

        /// <summary>The first instant at or after <paramref name="earliest"/> that is such a point of the music that plays.</summary>
        public double NextPoint(double earliest, Quantise quantise)
        {
            return Playing.NextPoint(CurrentStart, earliest, quantise);
        }

        /// <summary>The sound stood still for so long: everything that lies ahead, and all grids, move on.</summary>
        public void Shift(double seconds)
        {
            homeStart += seconds;
            holdUntil += seconds;
            waiting.Start += seconds;
            waiting.Deadline += seconds;
            running.Start += seconds;
            for (var i = 0; i < Decks; i++)
            {
                decks[i].Start += seconds;
                decks[i].In = new Fade(decks[i].In.Start + seconds, decks[i].In.Seconds);
                decks[i].Out = new Fade(decks[i].Out.Start + seconds, decks[i].Out.Seconds);
            }
        }

        /// <summary>What is to be done for a request; false where nothing can be.</summary>
        bool Choose(ref Plan plan, double now)
        {
            switch (plan.Request.Transition)
            {
                case Transition.Stinger:
                    plan.Move = Move.Stinger;
                    return stage.CanStrike(plan.Request, now);
                case Transition.Duck:
                    plan.Move = Move.Duck;
                    return true;
                case Transition.Layer:
                    plan.Move = Move.Layers;
                    return stage.HasLayers;
                case Transition.Param:
                    plan.Move = Move.Layers;
                    return true;
                default:
                    plan.Section = score.Find(plan.Request.Label, plan.Request.Quadrant);
                    plan.Move = plan.Section >= 0 && plan.Section != SectionToCome()
                        ? Move.Section : Move.Layers;
                    return plan.Section >= 0 || stage.HasLayers;
            }
        }

        /// <summary>Find the start of a plan and let it wait, in the place of what waited.</summary>
        void Arrange(Plan plan, double now)
        {
            if (waiting.Phase == Phase.Waiting)
            {
                Displace(waiting.Request, plan.Request);
            }
            plan.Start = NextStart(plan, now);
            if (plan.Start > plan.Deadline)
            {
                waiting.Phase = Phase.Free;
                stage.Acknowledge(plan.Request.Id, Ack.Expired, 0.0);
                return;
            }
            waiting = plan;
            stage.Acknowledge(plan.Request.Id, Ack.Queued, plan.Start - now);
            Update(now);
        }

        /// <summary>
        /// A newer request takes the place of one that has not begun. oscbridge knows that of its own;
        /// of the game's, which have no id, it has to be told.
        /// </summary>
        void Displace(MusicRequest older, MusicRequest newer)
        {
            if (newer.Id <= 0)
            {
                stage.Acknowledge(older.Id, Ack.Rejected, 0.0);
            }
        }

        double NextStart(Plan plan, double now)
        {
            var earliest = now + (plan.Request.Quantise == Quantise.Now ? Soonest : Lead);
            if (running.Phase == Phase.Running && running.Move == Move.Section)
            {
                // Both decks are in use until its fade is over.
                earliest = Math.Max(earliest, running.Start + running.Seconds + Lead);
            }
            var heedsHold = plan.Move != Move.Stinger && plan.Move != Move.Duck && !plan.Request.ByPerson;
            if (heedsHold)
            {
                earliest = Math.Max(earliest, holdUntil);
            }
            earliest = Math.Max(earliest, CurrentStart);
            return Playing.NextPoint(CurrentStart, earliest, plan.Request.Quantise);
        }

        /// <summary>Hand what waits to the stage; a frame that came too late waits for the next point.</summary>
        void Commit(double now)
        {
            if (now > waiting.Start - TooLate)
            {
                var late = waiting;
                waiting.Phase = Phase.Free;
                Arrange(late, now);
                return;
            }
            waiting.Phase = Phase.Committed;
            var request = waiting.Request;
            waiting.Seconds = request.Transition == Transition.Cut
                ? 0.0 : request.FadeBeats * Grid.BeatSeconds;
            if (waiting.Move == Move.Stinger)
            {
                waiting.Seconds = stage.Strike(request, waiting.Start);
            }
            else if (waiting.Move == Move.Section)
            {
                Launch(Other(current), waiting.Section, waiting.Start, waiting.Seconds);
                if (current != NoDeck)
                {
                    Retire(current, waiting.Start, waiting.Seconds);
                }
            }
        }

        /// <summary>What was handed to the stage sounds now.</summary>
        void Start()
        {
            if (running.Phase == Phase.Running)
            {
                Finish();
            }
            running = waiting;
            running.Phase = Phase.Running;
            waiting.Phase = Phase.Free;
            var request = running.Request;
            stage.Acknowledge(request.Id, Ack.Started, 0.0);
            switch (running.Move)
            {
                case Move.Section:
                    current = Other(current);
                    Turn();
                    break;
                case Move.Layers:
                    Turn();
                    break;
                case Move.Duck:
                    stage.Duck(running.Start, running.Seconds, request.HoldSeconds);
                    break;
            }
        }

        void TakeDeferred(double now)
        {
            if (hasDeferred)
            {
                hasDeferred = false;
                Take(deferred, now);
            }
        }

        void Finish()
        {
            running.Phase = Phase.Free;
            stage.Acknowledge(running.Request.Id, Ack.Done, 0.0);
        }

        /// <summary>The music is another from here on, for as long as it holds.</summary>
        void Turn()
        {
            var request = running.Request;
            holdUntil = running.Start + Math.Max(DwellSeconds, request.HoldSeconds);
            var quadrant = request.HasTarget || current == NoDeck ? request.Quadrant : Playing.Quadrant;
            stage.Turn(request, quadrant, running.Start, running.Seconds);
        }

        void Launch(int deck, int section, double at, double fadeSeconds)
        {
            decks[deck].Section = section;
            decks[deck].Start = at;
            decks[deck].In = new Fade(at, fadeSeconds);
            decks[deck].IsLeaving = false;
            stage.Play(deck, section, at, fadeSeconds <= 0.0);
        }

        void Retire(int deck, double at, double fadeSeconds)
        {
            decks[deck].Out = new Fade(at, fadeSeconds);
            decks[deck].IsLeaving = true;
            stage.StopAt(deck, at + fadeSeconds);
        }

        /// <summary>The section that plays once what is certain has happened.</summary>
        int SectionToCome()
        {
            return waiting.Phase == Phase.Committed && waiting.Move == Move.Section
                ? waiting.Section : CurrentSection;
        }

        static int Other(int deck)
        {
            return deck == 0 ? 1 : 0;
        }
    }
}
