using System.Runtime.InteropServices;

namespace Oscbridge
{
    /// <summary>
    /// A message as it lies in the receive buffer. Nothing is copied: it holds only while
    /// <see cref="IOscSink.Take"/> runs, and one object serves for all messages.
    /// </summary>
    public sealed class OscMessage
    {
        /// <summary>More arguments than this are malformed; ours have 11 at most.</summary>
        public const int MaxArguments = 64;

        internal byte[] Data;
        internal int AddressStart;
        internal int AddressLength;
        internal readonly char[] Tags = new char[MaxArguments];
        internal readonly int[] Offsets = new int[MaxArguments];

        /// <summary>Number of arguments.</summary>
        public int Count { get; internal set; }

        public bool IsNumber(int index)
        {
            switch (Tags[index])
            {
                case 'i':
                case 'f':
                case 'd':
                case 'h':
                case 'T':
                case 'F':
                    return true;
                default:
                    return false;
            }
        }

        public bool IsText(int index)
        {
            return Tags[index] == 's' || Tags[index] == 'S';
        }

        /// <summary>A number of whatever type it came in; NaN where it is none.</summary>
        public double Number(int index)
        {
            var at = Offsets[index];
            switch (Tags[index])
            {
                case 'i':
                    return Int32(Data, at);
                case 'f':
                    var single = default(SingleBits);
                    single.Bits = Int32(Data, at);
                    return single.Value;
                case 'h':
                    return Int64(Data, at);
                case 'd':
                    return System.BitConverter.Int64BitsToDouble(Int64(Data, at));
                case 'T':
                    return 1.0;
                case 'F':
                    return 0.0;
                default:
                    return double.NaN;
            }
        }

        /// <summary>A text; empty where the argument is none.</summary>
        public string Text(int index, TextCache cache)
        {
            if (!IsText(index))
            {
                return "";
            }
            var start = Offsets[index];
            var end = start;
            while (Data[end] != 0)
            {
                end++;
            }
            return cache.Of(Data, start, end - start);
        }

        internal static int Int32(byte[] data, int at)
        {
            return (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
        }

        static long Int64(byte[] data, int at)
        {
            return ((long)Int32(data, at) << 32) | (uint)Int32(data, at + 4);
        }

        [StructLayout(LayoutKind.Explicit)]
        internal struct SingleBits
        {
            [FieldOffset(0)] public int Bits;
            [FieldOffset(0)] public float Value;
        }
    }

    /// <summary>Whoever wants the messages of a packet.</summary>
    public interface IOscSink
    {
        void Take(OscMessage message);
    }
}
