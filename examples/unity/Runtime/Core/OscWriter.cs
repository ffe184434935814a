using System;
using System.Text;

namespace Oscbridge
{
    /// <summary>
    /// Writes one message after the other into the same buffer: <c>Begin</c>, arguments in the order
    /// of their type tags, then <c>Data</c> and <c>Length</c> are ready. Allocates nothing. What does
    /// not fit into a datagram of 1024 bytes makes <c>Fits</c> false.
    /// </summary>
    public sealed class OscWriter
    {
        public const int MaxDatagram = 1024;

        readonly byte[] data = new byte[MaxDatagram];
        int length;

        public byte[] Data { get { return data; } }
        public int Length { get { return length; } }
        public bool Fits { get; private set; }

        /// <summary>Start a message to <paramref name="prefix"/>/<paramref name="name"/>.</summary>
        public OscWriter Begin(string prefix, string name, string types)
        {
            length = 0;
            Fits = true;
            Put(prefix);
            Put("/");
            Put(name);
            EndText();
            Put(",");
            Put(types);
            EndText();
            return this;
        }

        public OscWriter Int(int value)
        {
            if (Room(4))
            {
                data[length] = (byte)(value >> 24);
                data[length + 1] = (byte)(value >> 16);
                data[length + 2] = (byte)(value >> 8);
                data[length + 3] = (byte)value;
                length += 4;
            }
            return this;
        }

        /// <summary>A float; what is not finite is sent as 0, since nobody can use it.</summary>
        public OscWriter Float(float value)
        {
            var single = default(OscMessage.SingleBits);
            single.Value = float.IsNaN(value) || float.IsInfinity(value) ? 0f : value;
            return Int(single.Bits);
        }

        public OscWriter Text(string value)
        {
            Put(value ?? "");
            EndText();
            return this;
        }

        void Put(string text)
        {
            if (Room(Encoding.UTF8.GetByteCount(text)))
            {
                length += Encoding.UTF8.GetBytes(text, 0, text.Length, data, length);
            }
        }

        /// <summary>At least one NUL, up to a multiple of four.</summary>
        void EndText()
        {
            var padded = (length / 4 + 1) * 4;
            if (Room(padded - length))
            {
                Array.Clear(data, length, padded - length);
                length = padded;
            }
        }

        bool Room(int bytes)
        {
            Fits = Fits && length + bytes <= MaxDatagram;
            return Fits;
        }
    }
}
