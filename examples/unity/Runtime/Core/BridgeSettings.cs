namespace Oscbridge
{
    /// <summary>Where oscbridge is and how it is listened to.</summary>
    public sealed class BridgeSettings
    {
        /// <summary>Address of the computer that oscbridge runs on: an IPv4 address or localhost.</summary>
        public string Host = "127.0.0.1";

        /// <summary>The port on which oscbridge listens.</summary>
        public int Port = Inlet.Port;

        /// <summary>The port on which we listen; 0: any free one, which never collides with anybody.</summary>
        public int ReceivePort = 0;

        /// <summary>Ask oscbridge to send here. Without it, it has to be started with --to.</summary>
        public bool Subscribe = true;

        /// <summary>What addresses start with.</summary>
        public string Prefix = "/oscbridge";

        /// <summary>Which of several streams is meant (oscbridge run --stream NAME=…); else empty.</summary>
        public string Stream = "";
    }
}
