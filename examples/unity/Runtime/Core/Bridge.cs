using System;
using System.Net;
using System.Net.Sockets;

namespace Oscbridge
{
    /// <summary>
    /// oscbridge, as a program sees it: opens a socket, keeps the subscription, holds the newest
    /// state and tells what happens. Engine-free and on one thread: everything happens within
    /// <see cref="Poll"/>, which allocates nothing in steady state.
    /// </summary>
    public sealed class Bridge : IOscSink, ISignalListener, ILinkPort, IDisposable
    {
        /// <summary>A frame that was long must not become longer by what piled up.</summary>
        const int PacketsPerPoll = 256;

        readonly BridgeSettings settings;
        readonly byte[] buffer = new byte[65536];
        readonly OscReader reader = new OscReader();
        readonly SignalBoard board;
        readonly BridgeLink link;
        readonly IPAddress host;

        UdpPort port;
        double now;
        double rateSince;
        int rateCount;

        /// <summary>Raises ArgumentException where the host is neither an IPv4 address nor localhost.</summary>
        public Bridge(BridgeSettings settings)
        {
            this.settings = settings;
            host = AddressOf(settings.Host);
            board = new SignalBoard(settings.Prefix, settings.Stream, this);
            Events = new BridgeEvents(board);
            link = new BridgeLink(settings.Prefix, settings.Port, settings.Subscribe, this);
            Voice = new BridgeVoice(settings.Prefix, Say);
            Trouble = "";
        }

        /// <summary>What the music expresses, and what the player feels.</summary>
        public AffectState State { get { return Events.State; } }

        public BridgeStatus Status { get { return Events.Status; } }

        /// <summary>What happens, told within <see cref="Poll"/>.</summary>
        public BridgeEvents Events { get; private set; }

        /// <summary>Values of all signals, and what was wrong with messages.</summary>
        public SignalBoard Board { get { return board; } }

        public BridgeLink Link { get { return link; } }

        /// <summary>What can be said to oscbridge.</summary>
        public BridgeVoice Voice { get; private set; }

        public bool IsOpen { get { return port != null; } }

        /// <summary>Why the socket could not be opened; else empty.</summary>
        public string Trouble { get; private set; }

        /// <summary>Packets of the last full second.</summary>
        public int PacketsPerSecond { get; private set; }

        /// <summary>Packets that were no OSC.</summary>
        public long Malformed { get; private set; }

        /// <summary>How often the other computer said that nobody listens there.</summary>
        public long Refusals { get; private set; }

        /// <summary>The port on which we listen; 0 where we do not.</summary>
        public int LocalPort { get { return port == null ? 0 : port.LocalPort; } }

        /// <summary>Find out who sends; costs a little garbage.</summary>
        public bool NamesSender { get; set; }

        /// <summary>Who sent last, where known; makes a string.</summary>
        public string Sender
        {
            get { return port == null || port.Sender == null ? "" : port.Sender.ToString(); }
        }

        /// <summary>Open the socket and begin to subscribe; false, with <see cref="Trouble"/>, where it cannot.</summary>
        public bool Open(double time)
        {
            Close();
            now = rateSince = time;
            board.Clear();
            Events.Forget();
            link.Open(time);
            Events.Update(link.State, now);
            return IsOpen;
        }

        public void Close()
        {
            link.Close();
            ClosePort();
            Events.Update(link.State, now);
        }

        public void Dispose()
        {
            Close();
        }

        /// <summary>Take in what came and tell what happened; call it once a frame.</summary>
        public void Poll(double time)
        {
            now = time;
            try
            {
                var left = PacketsPerPoll;
                while (left-- > 0 && port != null && TakePacket())
                {
                }
            }
            finally
            {
                // A listener that throws must not cost the subscription.
                link.Update(now);
                CountRate();
            }
            Events.Update(link.State, now);
        }

        /// <summary>Answer a request. Requests that the game made of itself need no answer.</summary>
        public void Acknowledge(int id, Ack state, double secondsUntilStart)
        {
            if (id > 0)
            {
                Voice.Acknowledge(id, state, secondsUntilStart);
            }
        }

        /// <summary>The program was asleep, and some systems take its socket meanwhile: open it anew.</summary>
        public void Resume(double time)
        {
            now = time;
            ((ILinkPort)this).Aim(link.Port);
            link.Resubscribe(time);
        }

        void ILinkPort.Aim(int oscbridgePort)
        {
            // The same port as before: what was subscribed from it may still be answered.
            var own = settings.ReceivePort == 0 ? LocalPort : settings.ReceivePort;
            ClosePort();
            OpenPort(new IPEndPoint(host, oscbridgePort), own);
            if (port == null && settings.ReceivePort == 0)
            {
                OpenPort(new IPEndPoint(host, oscbridgePort), 0);
            }
        }

        void OpenPort(IPEndPoint peer, int own)
        {
            try
            {
                port = settings.Subscribe
                    ? UdpPort.ConnectedTo(peer, own) : UdpPort.OpenToAll(peer, own);
                Trouble = "";
            }
            catch (SocketException error)
            {
                Trouble = Explain(error, peer, own);
            }
        }

        static string Explain(SocketException error, IPEndPoint peer, int own)
        {
            switch (error.SocketErrorCode)
            {
                case SocketError.AddressAlreadyInUse:
                    return "UDP port " + own + " is taken by another program or component";
                case SocketError.NetworkDown:
                case SocketError.NetworkUnreachable:
                case SocketError.HostUnreachable:
                    return "no network leads to " + peer.Address + ": " + error.Message;
                default:
                    return own == 0 ? "no socket can be opened to " + peer.Address + ": " + error.Message
                        : "UDP port " + own + " cannot be opened: " + error.Message;
            }
        }

        void ILinkPort.Say(OscWriter message)
        {
            Say(message);
        }

        void IOscSink.Take(OscMessage message)
        {
            board.Take(message);
        }

        void ISignalListener.Heard(Signal signal)
        {
            link.Hear(now);
            if (signal == Signal.Hello)
            {
                HearSession(board.Text(Signal.Hello, 1));
            }
            else if (signal == Signal.Pong)
            {
                link.HearPong(board.Whole(Signal.Pong, 0), now);
                HearSession(board.Text(Signal.Pong, 1));
            }
            Events.Hear(signal, now);
        }

        void ISignalListener.Weighed(LabelWeight label)
        {
            link.Hear(now);
            Events.Hear(label);
        }

        bool TakePacket()
        {
            int length;
            port.NamesSender = NamesSender || link.State != LinkState.Connected;
            switch (port.Receive(buffer, out length))
            {
                case Received.Nothing:
                    return false;
                case Received.Refused:
                    Refusals++;
                    link.HearRefusal();
                    return true;
                case Received.Broken:
                    Malformed++;
                    return true;
                default:
                    rateCount++;
                    if (!reader.Read(buffer, length, this))
                    {
                        Malformed++;
                    }
                    return true;
            }
        }

        void Say(OscWriter message)
        {
            if (port != null && message.Fits)
            {
                port.Send(message.Data, message.Length);
            }
        }

        /// <summary>Another session is another oscbridge, which knows nothing of us and counts anew.</summary>
        void HearSession(string id)
        {
            var isFirst = link.Session.Length == 0;
            if (link.HearSession(id, now) && !isFirst)
            {
                Events.Forget();
                link.Resubscribe(now);
            }
        }

        void CountRate()
        {
            if (now - rateSince >= 1.0)
            {
                PacketsPerSecond = (int)Math.Round(rateCount / (now - rateSince));
                rateSince = now;
                rateCount = 0;
            }
        }

        void ClosePort()
        {
            if (port != null)
            {
                port.Dispose();
                port = null;
            }
        }

        static IPAddress AddressOf(string host)
        {
            IPAddress address;
            if (host == "localhost")
            {
                return IPAddress.Loopback;
            }
            if (!IPAddress.TryParse(host, out address) || address.AddressFamily != AddressFamily.InterNetwork)
            {
                throw new ArgumentException("\"" + host + "\" is no IPv4 address such as 192.168.0.20");
            }
            return address;
        }
    }
}
