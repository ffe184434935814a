using System.Collections.Generic;
using System.Text;

namespace Oscbridge.Checks
{
    public static class LinkChecks
    {
        const double Frame = 1.0 / 60.0;

        sealed class Wire : ILinkPort
        {
            public readonly List<int> Ports = new List<int>();
            public readonly List<string> Said = new List<string>();
            public readonly List<double> At = new List<double>();
            public double Now;

            public void Aim(int port)
            {
                Ports.Add(port);
            }

            public void Say(OscWriter message)
            {
                var end = 0;
                while (message.Data[end] != 0)
                {
                    end++;
                }
                Said.Add(Encoding.ASCII.GetString(message.Data, 0, end));
                At.Add(Now);
            }
        }

        static void Run(BridgeLink link, Wire wire, double from, double seconds, bool isAnswered)
        {
            for (var now = from; now < from + seconds; now += Frame)
            {
                wire.Now = now;
                if (isAnswered)
                {
                    link.Hear(now);
                }
                link.Update(now);
            }
        }

        public static void ALeaseIsRenewedInTimeForTenMinutes()
        {
            var wire = new Wire();
            var link = new BridgeLink("/oscbridge", 7770, true, wire);
            link.Open(0.0);
            Run(link, wire, 0.0, 600.0, true);
            Demand.Equal(LinkState.Connected, link.State, "state");
            var last = 0.0;
            for (var i = 0; i < wire.At.Count; i++)
            {
                Demand.That(wire.At[i] - last < Inlet.LeaseSeconds / 2.0, "nothing said for half a lease");
                last = wire.At[i];
            }
            Demand.That(600.0 - last < Inlet.LeaseSeconds / 2.0, "nothing said at the end");
            Demand.That(wire.Said.FindAll(said => said == "/oscbridge/subscribe").Count <= 1, "subscribed again");
        }

        public static void SilenceIsAnsweredByAnotherSubscription()
        {
            var wire = new Wire();
            var link = new BridgeLink("/oscbridge", 7770, true, wire);
            link.Open(0.0);
            Run(link, wire, 0.0, 20.0, true);
            wire.Said.Clear();
            Run(link, wire, 20.0, BridgeLink.SilentAfter + 1.5, false);
            Demand.Equal(LinkState.Lost, link.State, "state");
            Demand.That(wire.Said.Contains("/oscbridge/subscribe"), "no subscription");
            Run(link, wire, 30.0, 1.0, true);
            Demand.Equal(LinkState.Connected, link.State, "state after an answer");
        }

        static string PortsTried(double seconds, bool isRefused)
        {
            var wire = new Wire();
            var link = new BridgeLink("/oscbridge", 7770, true, wire);
            link.Open(0.0);
            for (var now = 0.0; now < seconds; now += 0.5)
            {
                Run(link, wire, now, 0.5, false);
                if (isRefused)
                {
                    link.HearRefusal();
                }
            }
            return string.Join(" ", wire.Ports.ConvertAll(port => port.ToString()).ToArray());
        }

        public static void TheHigherPortsAreTriedSoonWhereNobodyListens()
        {
            Demand.Equal("7770 7780 7790 7770", PortsTried(3.4, true), "ports");
        }

        public static void APortWhereSomebodyMayBeStartingIsGivenTime()
        {
            Demand.Equal("7770", PortsTried(4.9, false), "ports");
            Demand.Equal("7770 7780 7790", PortsTried(10.5, false), "ports");
        }

        public static void AnotherSessionIsNoticed()
        {
            var link = new BridgeLink("/oscbridge", 7770, true, new Wire());
            link.Open(0.0);
            Demand.That(link.HearSession("a", 0.0), "the first is new");
            Demand.That(!link.HearSession("a", 1.0), "the same again");
            Demand.That(link.HearSession("b", 2.0), "another");
        }

        public static void WhoOnlyListensNeverSubscribes()
        {
            var wire = new Wire();
            var link = new BridgeLink("/oscbridge", 7770, false, wire);
            link.Open(0.0);
            Run(link, wire, 0.0, 5.0, false);
            link.Close();
            Demand.Equal(0, wire.Said.Count, "messages");
        }

        public static void AClosedLinkHasSaidGoodbye()
        {
            var wire = new Wire();
            var link = new BridgeLink("/oscbridge", 7770, true, wire);
            link.Open(0.0);
            link.Close();
            Demand.Equal("/oscbridge/unsubscribe", wire.Said[wire.Said.Count - 1], "last word");
            link.Close();
            Demand.Equal(1, wire.Said.Count, "words");
        }
    }
}
