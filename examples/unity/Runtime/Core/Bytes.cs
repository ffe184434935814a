namespace Oscbridge
{
    /// <summary>Stretches of a buffer, compared and hashed without making strings of them.</summary>
    static class Bytes
    {
        /// <summary>FNV-1a, 31 bits, so that it is never negative.</summary>
        public static int Hash(byte[] data, int start, int length)
        {
            unchecked
            {
                var hash = 2166136261u;
                for (var i = start; i < start + length; i++)
                {
                    hash = (hash ^ data[i]) * 16777619u;
                }
                return (int)(hash & 0x7fffffff);
            }
        }

        public static bool Same(byte[] data, int start, int length, byte[] other)
        {
            return length == other.Length && StartsWith(data, start, length, other);
        }

        public static bool StartsWith(byte[] data, int start, int length, byte[] head)
        {
            if (length < head.Length)
            {
                return false;
            }
            for (var i = 0; i < head.Length; i++)
            {
                if (data[start + i] != head[i])
                {
                    return false;
                }
            }
            return true;
        }
    }
}
