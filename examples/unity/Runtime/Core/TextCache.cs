using System.Text;

namespace Oscbridge
{
    /// <summary>
    /// Strings of texts that keep coming: each is made once, so that labels and states that are
    /// refreshed every second cost no garbage. Holds 256 texts; a further one replaces an old one.
    /// </summary>
    public sealed class TextCache
    {
        const int Size = 256;
        const int Probes = 8;

        readonly string[] texts = new string[Size];
        readonly byte[][] spelled = new byte[Size][];
        int victim;

        /// <summary>The text that these bytes spell in UTF-8; what is no UTF-8 becomes U+FFFD.</summary>
        public string Of(byte[] data, int start, int length)
        {
            if (length == 0)
            {
                return "";
            }
            var home = Bytes.Hash(data, start, length) % Size;
            for (var probe = 0; probe < Probes; probe++)
            {
                var slot = (home + probe) % Size;
                if (spelled[slot] == null)
                {
                    return Keep(slot, data, start, length);
                }
                if (Bytes.Same(data, start, length, spelled[slot]))
                {
                    return texts[slot];
                }
            }
            victim = (victim + 1) % Probes;
            return Keep((home + victim) % Size, data, start, length);
        }

        string Keep(int slot, byte[] data, int start, int length)
        {
            var bytes = new byte[length];
            System.Buffer.BlockCopy(data, start, bytes, 0, length);
            spelled[slot] = bytes;
            texts[slot] = Encoding.UTF8.GetString(bytes);
            return texts[slot];
        }
    }
}
