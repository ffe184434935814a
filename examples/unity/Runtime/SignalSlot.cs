using System;

namespace Oscbridge
{
    /// <summary>One number of what oscbridge says: a signal, and which of its arguments.</summary>
    [Serializable]
    public struct SignalSlot
    {
        public Signal Signal;
        public int Argument;

        public SignalSlot(Signal signal, int argument = 0)
        {
            Signal = signal;
            Argument = argument;
        }

        /// <summary>The range that the protocol gives it; 0..1 where it gives none.</summary>
        public bool TryGetRange(out float low, out float high)
        {
            low = 0f;
            high = 1f;
            var info = Signals.Of(Signal);
            if (info == null || Argument < 0 || Argument >= info.Arguments.Length
                || !info.Arguments[Argument].IsBounded)
            {
                return false;
            }
            low = info.Arguments[Argument].Low;
            high = info.Arguments[Argument].High;
            return true;
        }
    }
}
