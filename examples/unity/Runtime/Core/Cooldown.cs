namespace Oscbridge
{
    /// <summary>Something that may happen again only after a while.</summary>
    public struct Cooldown
    {
        bool hasHappened;
        double last;

        /// <summary>Whether it may happen at an instant.</summary>
        public bool IsOver(double now, double seconds)
        {
            return !hasHappened || now - last >= seconds;
        }

        /// <summary>Whether it may happen at an instant; if so, it does.</summary>
        public bool Take(double now, double seconds)
        {
            if (!IsOver(now, seconds))
            {
                return false;
            }
            hasHappened = true;
            last = now;
            return true;
        }
    }
}
