namespace Oscbridge
{
    /// <summary>
    /// What a conductor directs: two decks that play sections, layers, stingers, and a way to answer.
    /// Times are instants on the clock of the sound card, seconds.
    /// </summary>
    public interface IStage
    {
        /// <summary>Whether there are layers that a request can move.</summary>
        bool HasLayers { get; }

        /// <summary>Whether a stinger for this request is there and may sound again.</summary>
        bool CanStrike(MusicRequest request, double at);

        /// <summary>Let a section begin on a deck at an instant that lies ahead; at once: loud from its first sample.</summary>
        void Play(int deck, int section, double at, bool atOnce);

        /// <summary>Let what a deck plays end at an instant that lies ahead.</summary>
        void StopAt(int deck, double at);

        /// <summary>Sound a stinger at an instant that lies ahead; returns how long it is.</summary>
        double Strike(MusicRequest request, double at);

        /// <summary>What a request asks for is in force: move layers to this quadrant, and parameters.</summary>
        void Turn(MusicRequest request, Quadrant quadrant, double at, double fadeSeconds);

        /// <summary>Make room: all music softer for a while.</summary>
        void Duck(double at, double fadeSeconds, double holdSeconds);

        /// <summary>A request has come so far.</summary>
        void Acknowledge(int id, Ack state, double secondsUntilStart);
    }
}
