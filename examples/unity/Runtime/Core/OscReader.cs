namespace Oscbridge
{
    /// <summary>
    /// Reads OSC 1.0 packets: messages, and bundles of them to any reasonable depth. A packet is
    /// checked to its end before its first message is handed on, so a malformed one does nothing.
    /// Time tags are never waited for. Allocates nothing.
    /// </summary>
    public sealed class OscReader
    {
        const int MaxDepth = 8;
        const int BundleHead = 16; // "#bundle", NUL, time tag

        readonly OscMessage message = new OscMessage();

        /// <summary>Hand the messages of a packet to <paramref name="sink"/>; false where it is malformed.</summary>
        public bool Read(byte[] data, int length, IOscSink sink)
        {
            if (length > data.Length || !Walk(data, 0, length, 0, null))
            {
                return false;
            }
            Walk(data, 0, length, 0, sink);
            return true;
        }

        bool Walk(byte[] data, int start, int end, int depth, IOscSink sink)
        {
            if (end - start < 4 || (end - start) % 4 != 0)
            {
                return false;
            }
            if (data[start] == '#')
            {
                return depth < MaxDepth && WalkBundle(data, start, end, depth, sink);
            }
            if (!Parse(data, start, end))
            {
                return false;
            }
            if (sink != null)
            {
                sink.Take(message);
            }
            return true;
        }

        bool WalkBundle(byte[] data, int start, int end, int depth, IOscSink sink)
        {
            if (end - start < BundleHead || !IsBundleWord(data, start))
            {
                return false;
            }
            var at = start + BundleHead;
            while (at < end)
            {
                if (end - at < 4)
                {
                    return false;
                }
                var size = OscMessage.Int32(data, at);
                at += 4;
                if (size < 0 || size > end - at || !Walk(data, at, at + size, depth + 1, sink))
                {
                    return false;
                }
                at += size;
            }
            return true;
        }

        static bool IsBundleWord(byte[] data, int start)
        {
            return data[start + 1] == 'b' && data[start + 2] == 'u' && data[start + 3] == 'n'
                && data[start + 4] == 'd' && data[start + 5] == 'l' && data[start + 6] == 'e'
                && data[start + 7] == 0;
        }

        bool Parse(byte[] data, int start, int end)
        {
            if (data[start] != '/')
            {
                return false;
            }
            var tags = EndOfText(data, start, end);
            if (tags < 0 || tags >= end || data[tags] != ',')
            {
                return false;
            }
            message.Data = data;
            message.AddressStart = start;
            message.AddressLength = LengthOfText(data, start);
            var at = EndOfText(data, tags, end);
            if (at < 0)
            {
                return false;
            }
            var count = 0;
            for (var tag = tags + 1; data[tag] != 0; tag++)
            {
                if (count == OscMessage.MaxArguments)
                {
                    return false;
                }
                var next = EndOfArgument(data, (char)data[tag], at, end);
                if (next < 0)
                {
                    return false;
                }
                message.Tags[count] = (char)data[tag];
                message.Offsets[count] = at;
                count++;
                at = next;
            }
            message.Count = count;
            return at == end;
        }

        /// <summary>Where the next argument begins; -1 where this one is cut short or of no known type.</summary>
        static int EndOfArgument(byte[] data, char tag, int at, int end)
        {
            switch (tag)
            {
                case 'i':
                case 'f':
                case 'c':
                case 'r':
                case 'm':
                    return at + 4 <= end ? at + 4 : -1;
                case 'h':
                case 'd':
                case 't':
                    return at + 8 <= end ? at + 8 : -1;
                case 's':
                case 'S':
                    return EndOfText(data, at, end);
                case 'b':
                    return EndOfBlob(data, at, end);
                case 'T':
                case 'F':
                case 'N':
                case 'I':
                case '[':
                case ']':
                    return at;
                default:
                    return -1;
            }
        }

        static int EndOfBlob(byte[] data, int at, int end)
        {
            if (end - at < 4)
            {
                return -1;
            }
            var size = OscMessage.Int32(data, at);
            if (size < 0 || size > end - at - 4)
            {
                return -1;
            }
            var next = at + 4 + (size + 3) / 4 * 4;
            return next <= end ? next : -1;
        }

        /// <summary>What follows a text and its padding; -1 where it does not end within the packet.</summary>
        static int EndOfText(byte[] data, int start, int end)
        {
            for (var at = start; at < end; at++)
            {
                if (data[at] == 0)
                {
                    var next = start + ((at - start) / 4 + 1) * 4;
                    return next <= end ? next : -1;
                }
            }
            return -1;
        }

        static int LengthOfText(byte[] data, int start)
        {
            var end = start;
            while (data[end] != 0)
            {
                end++;
            }
            return end - start;
        }
    }
}
