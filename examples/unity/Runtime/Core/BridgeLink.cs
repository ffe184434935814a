namespace Oscbridge
{
    /// <summary>What a link does to the world.</summary>
    public interface ILinkPort
    {
        /// <summary>Speak to this port of oscbridge's host from now on.</summary>
        void Aim(int port);

        void Say(OscWriter message);
    }

    /// <summary>
    /// Keeps a subscription alive: subscribes until something is heard, pings to renew the lease,
    /// subscribes again after silence and where another oscbridge answers. oscbridge moves to a port
    /// 10 or 20 higher where its own is taken, so those are tried in turn: soon where nobody listens,
    /// after a few seconds where somebody does who may be busy starting. Knows no clock and no socket:
    /// times are seconds that the caller passes in.
    /// </summary>
    public sealed class BridgeLink
    {
        public const double SubscribeEvery = 1.0;
        public const double PingEvery = 10.0;
        public const double SilentAfter = 3.0;

        const int PortStep = 10;
        const int PortChoices = 3;
        const int TriesPerPort = 5;

        readonly OscWriter writer = new OscWriter();
        readonly ILinkPort port;
        readonly string prefix;
        readonly int firstPort;
        readonly bool subscribes;

        double nextSubscribe;
        double nextPing;
        double lastHeard;
        int choice;
        int tries;
        bool isRefused;
        int nonce;
        string session = "";

        public BridgeLink(string prefix, int firstPort, bool subscribes, ILinkPort port)
        {
            this.prefix = prefix;
            this.firstPort = firstPort;
            this.subscribes = subscribes;
            this.port = port;
        }

        public LinkState State { get; private set; }

        /// <summary>The port of oscbridge that is spoken to.</summary>
        public int Port { get { return firstPort + choice * PortStep; } }

        /// <summary>Id of the oscbridge that answers; empty before.</summary>
        public string Session { get { return session; } }

        /// <summary>Seconds from the last ping to its answer; negative before the first.</summary>
        public double RoundTrip { get; private set; }

        double pingedAt;

        public void Open(double now)
        {
            State = LinkState.Searching;
            choice = tries = 0;
            session = "";
            RoundTrip = -1.0;
            lastHeard = now;
            nextSubscribe = now;
            nextPing = now;
            port.Aim(Port);
        }

        public void Close()
        {
            if (State == LinkState.Closed)
            {
                return;
            }
            if (subscribes)
            {
                port.Say(writer.Begin(prefix, Inlet.Unsubscribe, ""));
            }
            State = LinkState.Closed;
        }

        /// <summary>Seconds since anything was heard.</summary>
        public double SilentFor(double now)
        {
            return now - lastHeard;
        }

        /// <summary>Let time pass; call it every frame, after what came was heard.</summary>
        public void Update(double now)
        {
            if (State == LinkState.Closed)
            {
                return;
            }
            if (State == LinkState.Connected && SilentFor(now) > SilentAfter)
            {
                State = LinkState.Lost;
                tries = 0;
                isRefused = false;
                nextSubscribe = now;
            }
            if (State != LinkState.Connected && subscribes && now >= nextSubscribe)
            {
                Search(now);
            }
            if (State == LinkState.Connected && now >= nextPing)
            {
                Ping(now);
            }
        }

        /// <summary>A packet of oscbridge came.</summary>
        public void Hear(double now)
        {
            lastHeard = now;
            if (State == LinkState.Searching || State == LinkState.Lost)
            {
                State = LinkState.Connected;
                tries = 0;
                nextPing = now;
            }
        }

        /// <summary>Nobody listens on that port.</summary>
        public void HearRefusal()
        {
            isRefused = true;
        }

        /// <summary>Somebody says which session this is; true where it is another than before.</summary>
        public bool HearSession(string id, double now)
        {
            if (id == session)
            {
                return false;
            }
            session = id;
            return true;
        }

        public void HearPong(int answered, double now)
        {
            if (answered == nonce)
            {
                RoundTrip = now - pingedAt;
            }
        }

        /// <summary>Ask for everything once more: after a pause, or where another oscbridge answers.</summary>
        public void Resubscribe(double now)
        {
            if (State == LinkState.Closed || !subscribes)
            {
                return;
            }
            nextSubscribe = now + SubscribeEvery;
            port.Say(writer.Begin(prefix, Inlet.Subscribe, ""));
        }

        void Search(double now)
        {
            if (tries == TriesPerPort || isRefused)
            {
                tries = 0;
                isRefused = false;
                choice = (choice + 1) % PortChoices;
                port.Aim(Port);
            }
            tries++;
            Resubscribe(now);
        }

        void Ping(double now)
        {
            nextPing = now + PingEvery;
            nonce = nonce == int.MaxValue ? 1 : nonce + 1;
            pingedAt = now;
            port.Say(writer.Begin(prefix, Inlet.Ping, "i").Int(nonce));
        }
    }
}
