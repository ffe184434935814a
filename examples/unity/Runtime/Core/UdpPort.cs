using System;
using System.Net;
using System.Net.Sockets;

namespace Oscbridge
{
    /// <summary>What a look into the receive buffer found.</summary>
    public enum Received
    {
        Nothing,
        Datagram,
        /// <summary>The other computer answered that nobody listens on that port.</summary>
        Refused,
        /// <summary>A datagram of which a part is lost.</summary>
        Broken,
    }

    /// <summary>
    /// A UDP socket that is polled, never waited for: no thread, and no garbage while it runs. A
    /// connected socket hears only its peer, and hears of it where nobody listens there.
    /// </summary>
    public sealed class UdpPort : IDisposable
    {
        const int ReceiveBufferBytes = 1 << 18;
        const int WindowsIgnoreReset = -1744830452; // SIO_UDP_CONNRESET: a refusal must not close us

        readonly Socket hearing;
        readonly Socket saying;
        EndPoint sender = new IPEndPoint(IPAddress.Any, 0);

        UdpPort(Socket hearing, Socket saying)
        {
            this.hearing = hearing;
            this.saying = saying;
        }

        /// <summary>Hear and speak to one peer. Raises SocketException where the port is taken.</summary>
        public static UdpPort ConnectedTo(IPEndPoint peer, int receivePort)
        {
            var local = IPAddress.IsLoopback(peer.Address) ? IPAddress.Loopback : IPAddress.Any;
            var socket = Bound(local, receivePort);
            try
            {
                socket.Connect(peer);
            }
            catch (SocketException)
            {
                socket.Close();
                throw;
            }
            return new UdpPort(socket, socket);
        }

        /// <summary>
        /// Hear everybody, from any network, and speak to one peer from another port. Raises
        /// SocketException where the port is taken.
        /// </summary>
        public static UdpPort OpenToAll(IPEndPoint peer, int receivePort)
        {
            var hearing = Bound(IPAddress.Any, receivePort);
            try
            {
                var saying = Bound(IPAddress.Any, 0);
                saying.Connect(peer);
                return new UdpPort(hearing, saying);
            }
            catch (SocketException)
            {
                hearing.Close();
                throw;
            }
        }

        /// <summary>The port that is heard.</summary>
        public int LocalPort { get { return ((IPEndPoint)hearing.LocalEndPoint).Port; } }

        /// <summary>Find out who sends, which costs a little garbage a packet; for diagnosis.</summary>
        public bool NamesSender { get; set; }

        /// <summary>Who sent last, where known.</summary>
        public EndPoint Sender { get { return hearing == saying ? hearing.RemoteEndPoint : sender; } }

        /// <summary>Take the next datagram, if there is one.</summary>
        public Received Receive(byte[] buffer, out int length)
        {
            length = 0;
            SocketError error;
            if (NamesSender && hearing != saying)
            {
                length = ReceiveNamed(buffer, out error);
            }
            else
            {
                length = hearing.Receive(buffer, 0, buffer.Length, SocketFlags.None, out error);
            }
            switch (error)
            {
                case SocketError.Success:
                    return Received.Datagram;
                case SocketError.ConnectionRefused:
                case SocketError.ConnectionReset:
                    return Received.Refused;
                case SocketError.MessageSize:
                    return Received.Broken;
                default:
                    return Received.Nothing;
            }
        }

        /// <summary>
        /// Send a datagram; false where it could not leave. What an earlier one met with is told
        /// instead of sending, so that one is tried again.
        /// </summary>
        public bool Send(byte[] data, int length)
        {
            SocketError error;
            saying.Send(data, 0, length, SocketFlags.None, out error);
            if (error == SocketError.ConnectionRefused || error == SocketError.ConnectionReset)
            {
                saying.Send(data, 0, length, SocketFlags.None, out error);
            }
            return error == SocketError.Success;
        }

        public void Dispose()
        {
            hearing.Close();
            if (saying != hearing)
            {
                saying.Close();
            }
        }

        int ReceiveNamed(byte[] buffer, out SocketError error)
        {
            error = SocketError.WouldBlock;
            if (hearing.Available == 0)
            {
                return 0;
            }
            try
            {
                error = SocketError.Success;
                return hearing.ReceiveFrom(buffer, ref sender);
            }
            catch (SocketException trouble)
            {
                error = trouble.SocketErrorCode;
                return 0;
            }
        }

        static Socket Bound(IPAddress local, int port)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                socket.Blocking = false;
                socket.ReceiveBufferSize = ReceiveBufferBytes;
                // Some systems would let two listen on one port, of which one hears nothing.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, false);
                IgnoreResetOnWindows(socket);
                socket.Bind(new IPEndPoint(local, port));
                return socket;
            }
            catch (SocketException)
            {
                socket.Close();
                throw;
            }
        }

        static void IgnoreResetOnWindows(Socket socket)
        {
            if (Environment.OSVersion.Platform != PlatformID.Win32NT)
            {
                return;
            }
            try
            {
                socket.IOControl(WindowsIgnoreReset, new byte[4], null);
            }
            catch (SocketException)
            {
                // A console that has no such control has no such trouble either.
            }
        }
    }
}
