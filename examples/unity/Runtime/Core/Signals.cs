using System.Text;

namespace Oscbridge
{
    /// <summary>One argument of a signal: name, OSC type (i, f or s) and range.</summary>
    public struct SignalArgument
    {
        public readonly string Name;
        public readonly char Type;
        public readonly float Low;
        public readonly float High;

        public SignalArgument(string name, char type, float low, float high)
        {
            Name = name;
            Type = type;
            Low = low;
            High = high;
        }

        public bool IsNumber { get { return Type != 's'; } }

        /// <summary>Whether the range says something; counters only have limits of safety.</summary>
        public bool IsBounded { get { return IsNumber && High < 1e9f && Low > -1e9f; } }
    }

    /// <summary>One row of the table: a signal, the end of its address, its arguments.</summary>
    public sealed class SignalInfo
    {
        public readonly Signal Signal;
        public readonly string Name;
        public readonly SignalArgument[] Arguments;

        internal readonly byte[] NameBytes;

        public SignalInfo(Signal signal, string name, params SignalArgument[] arguments)
        {
            Signal = signal;
            Name = name;
            Arguments = arguments;
            NameBytes = Encoding.ASCII.GetBytes(name);
        }
    }

    /// <summary>
    /// What oscbridge says, as a table: Signals.Table.cs is made from the one that oscbridge sends by.
    /// </summary>
    public static partial class Signals
    {
        const int BucketCount = 256;

        static readonly SignalInfo[] Rows = Table();
        static readonly SignalInfo[] ByNumber = IndexByNumber();
        static readonly SignalInfo[] Buckets = Hash();

        /// <summary>One more than the greatest number of a signal.</summary>
        public static int Capacity { get { return ByNumber.Length; } }

        public static int Count { get { return Rows.Length; } }

        public static SignalInfo At(int row)
        {
            return Rows[row];
        }

        /// <summary>The row of a signal, null for <see cref="Signal.None"/> and unknown numbers.</summary>
        public static SignalInfo Of(Signal signal)
        {
            var number = (int)signal;
            return number > 0 && number < ByNumber.Length ? ByNumber[number] : null;
        }

        /// <summary>The row whose name these bytes spell, null where there is none.</summary>
        internal static SignalInfo Find(byte[] data, int start, int length)
        {
            var bucket = Bytes.Hash(data, start, length) % BucketCount;
            for (var probe = 0; probe < BucketCount; probe++)
            {
                var info = Buckets[(bucket + probe) % BucketCount];
                if (info == null)
                {
                    return null;
                }
                if (Bytes.Same(data, start, length, info.NameBytes))
                {
                    return info;
                }
            }
            return null;
        }

        static SignalInfo[] IndexByNumber()
        {
            var highest = 0;
            foreach (var info in Rows)
            {
                highest = System.Math.Max(highest, (int)info.Signal);
            }
            var index = new SignalInfo[highest + 1];
            foreach (var info in Rows)
            {
                index[(int)info.Signal] = info;
            }
            return index;
        }

        static SignalInfo[] Hash()
        {
            var buckets = new SignalInfo[BucketCount];
            foreach (var info in Rows)
            {
                var bucket = Bytes.Hash(info.NameBytes, 0, info.NameBytes.Length) % BucketCount;
                while (buckets[bucket] != null)
                {
                    bucket = (bucket + 1) % BucketCount;
                }
                buckets[bucket] = info;
            }
            return buckets;
        }
    }
}
