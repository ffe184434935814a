namespace Oscbridge
{
    /// <summary>Something that may happen again only after a while.</summary>
    public struct Cooldown
    {
        bool hasHappened;
        double last;

        /// <summary>Whether it may happen at an instant; if so, it does.</summary>
        public bool Take(double now, double seconds)
        {
            if (hasHappened && now - last < seconds)
            {
                return false;
            }
            hasHappened = true;
            last = now;
            return true;
        }
    }
}
