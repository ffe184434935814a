namespace Oscbridge.Checks
{
    public static class RequestChecks
    {
        static byte[] Whole(int id, float valence)
        {
            return Packets.Message(
                "/oscbridge/request", "iffffssfffs",
                id, valence, 0.5f, 0.75f, 0.5f, "crossfade", "2bar", 4f, 8f, 0f, "player");
        }

        static byte[] Go(int id)
        {
            return Packets.Message("/oscbridge/request/go", "issf", id, "tense", "2bar", 0.5f);
        }

        sealed class Counter
        {
            public readonly Desk Desk = new Desk();
            public readonly RequestInbox Inbox;
            public int Handed;
            public MusicRequest Last;

            public Counter()
            {
                Inbox = new RequestInbox(Desk.Board);
            }

            public void Take(byte[] packet, double now)
            {
                Desk.Take(packet);
                foreach (var signal in Desk.Ear.Signals)
                {
                    MusicRequest request;
                    if (signal == Signal.Request && Inbox.HearWhole(out request))
                    {
                        Note(request);
                    }
                    else if (signal == Signal.RequestGo)
                    {
                        Inbox.HearGo(now);
                    }
                    else if (signal != Signal.Request)
                    {
                        Inbox.HearScalar(signal);
                    }
                }
                Desk.Ear.Signals.Clear();
                Pass(now);
            }

            public void Pass(double now)
            {
                MusicRequest request;
                if (Inbox.Update(now, out request))
                {
                    Note(request);
                }
            }

            void Note(MusicRequest request)
            {
                Handed++;
                Last = request;
            }
        }

        public static void AllFormsOfARequestAreOneRequest()
        {
            var counter = new Counter();
            counter.Take(Packets.Message("/oscbridge/request/valence", "f", -0.5f), 0.0);
            counter.Take(Go(3), 0.001);
            counter.Take(Whole(3, -0.5f), 0.002);
            counter.Take(Go(3), 0.003);
            counter.Take(Whole(3, -0.5f), 0.004);
            counter.Pass(1.0);
            Demand.Equal(1, counter.Handed, "requests");
            Demand.Equal("tense", counter.Last.Label, "label");
            Demand.Equal(Quantise.TwoBars, counter.Last.Quantise, "quantise");
            Demand.Equal(Reason.Player, counter.Last.Reason, "reason");
            Demand.Near(8.0, counter.Last.HoldSeconds, 0.0, "hold");
        }

        public static void ATriggerAloneIsEnough()
        {
            var counter = new Counter();
            counter.Take(Go(4), 0.0);
            Demand.Equal(0, counter.Handed, "requests at once");
            counter.Pass(RequestInbox.PatienceSeconds);
            Demand.Equal(1, counter.Handed, "requests after a while");
            Demand.That(!counter.Last.HasTarget, "it has a target that nobody named");
            Demand.Equal("tense", counter.Last.Label, "label");
        }

        public static void TheScalarsBeforeATriggerAreItsOwn()
        {
            var counter = new Counter();
            counter.Take(Packets.Message("/oscbridge/request/valence", "f", -0.5f), 0.0);
            counter.Take(Packets.Message("/oscbridge/request/arousal", "f", 0.5f), 0.0);
            counter.Take(Packets.Message("/oscbridge/request/fade", "f", 2f), 0.0);
            counter.Take(Go(5), 0.0);
            counter.Pass(1.0);
            Demand.Equal(Quadrant.Tense, counter.Last.Quadrant, "quadrant");
            counter.Take(Go(6), 2.0);
            counter.Pass(3.0);
            Demand.That(!counter.Last.HasTarget, "the scalars of one request became those of the next");
        }

        public static void ACancelledRequestIsNotHandedOut()
        {
            var counter = new Counter();
            counter.Take(Go(7), 0.0);
            counter.Inbox.Cancel(7);
            counter.Pass(1.0);
            Demand.Equal(0, counter.Handed, "requests");
        }
    }
}
