// Made by Tools~/make_signals.py from the tables of oscbridge: change those, not this.
namespace Oscbridge
{
    /// <summary>Everything that oscbridge says.</summary>
    public enum Signal
    {
        None = 0,
        /// <summary>who speaks: version, session id, protocol number</summary>
        Hello = 1,
        /// <summary>alive: running number, time since the session started</summary>
        Heartbeat = 2,
        /// <summary>starting, listening, silent, speech, calibrating, frozen or error, and a sentence</summary>
        Status = 3,
        /// <summary>from sound to value, and the smoothing time constant</summary>
        Latency = 4,
        /// <summary>unpleasant to pleasant, 0 neutral</summary>
        Valence = 5,
        /// <summary>calm to excited, 0 neutral</summary>
        Arousal = 6,
        /// <summary>valence with 0.5 as neutral</summary>
        NormValence = 7,
        /// <summary>arousal with 0.5 as neutral</summary>
        NormArousal = 8,
        /// <summary>both in one message, for XY pads and Vector2</summary>
        Va = 9,
        /// <summary>probability that the quadrant is right</summary>
        Confidence = 10,
        /// <summary>0 unknown, 1 +V+A, 2 -V+A, 3 -V-A, 4 +V-A; steady</summary>
        Quadrant = 11,
        /// <summary>the user's word for the quadrant</summary>
        QuadrantLabel = 12,
        /// <summary>membership of +V+A</summary>
        Quadrant1 = 13,
        /// <summary>membership of -V+A</summary>
        Quadrant2 = 14,
        /// <summary>membership of -V-A</summary>
        Quadrant3 = 15,
        /// <summary>membership of +V-A</summary>
        Quadrant4 = 16,
        /// <summary>the quadrant has changed; never flickers</summary>
        QuadrantEnter = 17,
        /// <summary>time since it was entered</summary>
        QuadrantDwell = 18,
        /// <summary>one knob for game audio: norm/arousal, and the bias that was set</summary>
        Intensity = 19,
        /// <summary>DJ energy level</summary>
        Energy = 20,
        /// <summary>the music changed age_ms ago; id of the segment that began there</summary>
        SegmentBoundary = 21,
        /// <summary>a segment has begun</summary>
        SegmentStart = 22,
        /// <summary>a segment is over</summary>
        SegmentEnd = 23,
        /// <summary>mean of a finished segment</summary>
        SegmentSummary = 24,
        /// <summary>early: segment id has perhaps begun; its boundary follows, or segment/withdrawn</summary>
        SegmentMaybe = 25,
        /// <summary>segment id has not begun after all; the id may come again</summary>
        SegmentWithdrawn = 26,
        /// <summary>how probably a boundary is in the air</summary>
        SegmentNovelty = 27,
        /// <summary>a beat, as it falls</summary>
        Beat = 28,
        /// <summary>the first beat of a bar, just after its beat</summary>
        Bar = 29,
        /// <summary>0 where no beat is steady</summary>
        Tempo = 30,
        /// <summary>-60 to 0 dBFS</summary>
        AudioLevel = 31,
        /// <summary>onset strength</summary>
        AudioOnset = 32,
        /// <summary>how surely there is music at all</summary>
        Music = 33,
        /// <summary>what the player feels</summary>
        PlayerValence = 34,
        /// <summary>how excited the player is</summary>
        PlayerArousal = 35,
        /// <summary>how surely that is known; 0 where nobody tells</summary>
        PlayerConfidence = 36,
        /// <summary>who tells: osc, text, camera … or none</summary>
        PlayerSource = 37,
        /// <summary>player minus music</summary>
        Gap = 38,
        /// <summary>asks the host for other music, all of it in one message</summary>
        Request = 39,
        /// <summary>of the request that follows: target</summary>
        RequestValence = 40,
        /// <summary>of the request that follows: target</summary>
        RequestArousal = 41,
        /// <summary>of the request that follows: of layers</summary>
        RequestIntensity = 42,
        /// <summary>of the request that follows: background to now</summary>
        RequestUrgency = 43,
        /// <summary>of the request that follows: how to get there</summary>
        RequestTransition = 44,
        /// <summary>of the request that follows: where to begin</summary>
        RequestQuantise = 45,
        /// <summary>of the request that follows: 0 for none</summary>
        RequestFade = 46,
        /// <summary>of the request that follows: shortest stay</summary>
        RequestHold = 47,
        /// <summary>of the request that follows: drop it if it has not begun by then; 0 for none</summary>
        RequestDeadline = 48,
        /// <summary>of the request that follows: the user's word for the target</summary>
        RequestLabel = 49,
        /// <summary>the request itself for those who take few arguments; enough to act upon</summary>
        RequestGo = 50,
        /// <summary>the request is off: a newer one follows</summary>
        RequestCancel = 51,
        /// <summary>what has become of a request</summary>
        RequestState = 52,
        /// <summary>answers a ping</summary>
        Pong = 53,
        /// <summary>what was wrong with a message; at most once a second and address</summary>
        Error = 54,
        /// <summary>standard deviation of valence as far as it is known: near 1 nothing is, at 0 all</summary>
        UncertaintyValence = 55,
        /// <summary>standard deviation of arousal as far as it is known: near 1 nothing is, at 0 all</summary>
        UncertaintyArousal = 56,
        /// <summary>probability that the player feels bad</summary>
        PlayerNegative = 57,
        /// <summary>standard deviation of the player's valence: at 0.5 nothing is known</summary>
        PlayerUncertaintyValence = 58,
        /// <summary>standard deviation of the player's arousal: at 0.5 nothing is known</summary>
        PlayerUncertaintyArousal = 59,
        /// <summary>by which other music is asked for because of what the player feels</summary>
        PolicyStrategy = 60,
        /// <summary>why other music is asked for now, or is not: the rule, and one sentence</summary>
        PolicyDecision = 61,
        /// <summary>what the bandit has tried, how probable that was, and what it brought</summary>
        PolicyTrial = 62,
        /// <summary>a label of yours, new or changed; number 0: it is no more, without a slug: a list ends</summary>
        Labels = 63,
        /// <summary>what was learned from corrections: how many count, how many contradict each other</summary>
        Personal = 64,
        /// <summary>play this next: a track of the library that answers the request of this id</summary>
        Suggest = 65,
        /// <summary>of the suggestion that follows: where the file lies; a URI where its name is no UTF-8</summary>
        SuggestPath = 66,
        /// <summary>of the suggestion that follows: the same as a URI, in plain ASCII; empty where too long</summary>
        SuggestUri = 67,
        /// <summary>of the suggestion that follows: by its tags, or the name of the file</summary>
        SuggestTitle = 68,
        /// <summary>of the suggestion that follows: by its tags; empty where they do not say</summary>
        SuggestArtist = 69,
        /// <summary>of the suggestion that follows: what it expresses on the whole</summary>
        SuggestValence = 70,
        /// <summary>of the suggestion that follows: what it expresses on the whole</summary>
        SuggestArousal = 71,
        /// <summary>of the suggestion that follows: DJ energy level</summary>
        SuggestEnergy = 72,
        /// <summary>of the suggestion that follows: 0 where it is not known</summary>
        SuggestTempo = 73,
        /// <summary>of the suggestion that follows: such as Am or Db; empty where it is not known</summary>
        SuggestKey = 74,
        /// <summary>of the suggestion that follows: its length</summary>
        SuggestDuration = 75,
        /// <summary>the suggestion itself for those who take few arguments; enough to act upon</summary>
        SuggestGo = 76,
    }

    public static partial class Signals
    {
        static SignalInfo[] Table()
        {
            return new[]
            {
                new SignalInfo(Signal.Hello, "hello",
                    new SignalArgument("version", 's', 0f, 0f),
                    new SignalArgument("session", 's', 0f, 0f),
                    new SignalArgument("protocol", 'i', 1f, float.MaxValue)),
                new SignalInfo(Signal.Heartbeat, "heartbeat",
                    new SignalArgument("seq", 'i', 0f, float.MaxValue),
                    new SignalArgument("t_ms", 'i', 0f, float.MaxValue)),
                new SignalInfo(Signal.Status, "status",
                    new SignalArgument("state", 's', 0f, 0f),
                    new SignalArgument("detail", 's', 0f, 0f)),
                new SignalInfo(Signal.Latency, "latency",
                    new SignalArgument("analysis", 'f', 0f, float.MaxValue),
                    new SignalArgument("smoothing", 'f', 0f, float.MaxValue)),
                new SignalInfo(Signal.Valence, "valence",
                    new SignalArgument("valence", 'f', -1f, 1f)),
                new SignalInfo(Signal.Arousal, "arousal",
                    new SignalArgument("arousal", 'f', -1f, 1f)),
                new SignalInfo(Signal.NormValence, "norm/valence",
                    new SignalArgument("valence", 'f', 0f, 1f)),
                new SignalInfo(Signal.NormArousal, "norm/arousal",
                    new SignalArgument("arousal", 'f', 0f, 1f)),
                new SignalInfo(Signal.Va, "va",
                    new SignalArgument("valence", 'f', -1f, 1f),
                    new SignalArgument("arousal", 'f', -1f, 1f)),
                new SignalInfo(Signal.Confidence, "confidence",
                    new SignalArgument("confidence", 'f', 0f, 1f)),
                new SignalInfo(Signal.UncertaintyValence, "uncertainty/valence",
                    new SignalArgument("deviation", 'f', 0f, 1f)),
                new SignalInfo(Signal.UncertaintyArousal, "uncertainty/arousal",
                    new SignalArgument("deviation", 'f', 0f, 1f)),
                new SignalInfo(Signal.Quadrant, "quadrant",
                    new SignalArgument("quadrant", 'i', 0f, 4f)),
                new SignalInfo(Signal.QuadrantLabel, "quadrant/label",
                    new SignalArgument("label", 's', 0f, 0f)),
                new SignalInfo(Signal.Quadrant1, "quadrant/1",
                    new SignalArgument("membership", 'f', 0f, 1f)),
                new SignalInfo(Signal.Quadrant2, "quadrant/2",
                    new SignalArgument("membership", 'f', 0f, 1f)),
                new SignalInfo(Signal.Quadrant3, "quadrant/3",
                    new SignalArgument("membership", 'f', 0f, 1f)),
                new SignalInfo(Signal.Quadrant4, "quadrant/4",
                    new SignalArgument("membership", 'f', 0f, 1f)),
                new SignalInfo(Signal.QuadrantEnter, "quadrant/enter",
                    new SignalArgument("quadrant", 'i', 0f, 4f),
                    new SignalArgument("label", 's', 0f, 0f),
                    new SignalArgument("confidence", 'f', 0f, 1f)),
                new SignalInfo(Signal.QuadrantDwell, "quadrant/dwell",
                    new SignalArgument("dwell", 'f', 0f, float.MaxValue)),
                new SignalInfo(Signal.Intensity, "intensity",
                    new SignalArgument("intensity", 'f', 0f, 1f)),
                new SignalInfo(Signal.Energy, "energy",
                    new SignalArgument("energy", 'i', 1f, 10f)),
                new SignalInfo(Signal.SegmentBoundary, "segment/boundary",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("age_ms", 'i', 0f, float.MaxValue),
                    new SignalArgument("strength", 'f', 0f, 1f)),
                new SignalInfo(Signal.SegmentStart, "segment/start",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("label", 's', 0f, 0f),
                    new SignalArgument("confidence", 'f', 0f, 1f)),
                new SignalInfo(Signal.SegmentEnd, "segment/end",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("duration", 'f', 0f, float.MaxValue)),
                new SignalInfo(Signal.SegmentSummary, "segment/summary",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("valence", 'f', -1f, 1f),
                    new SignalArgument("arousal", 'f', -1f, 1f),
                    new SignalArgument("duration", 'f', 0f, float.MaxValue)),
                new SignalInfo(Signal.SegmentMaybe, "segment/maybe",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("age_ms", 'i', 0f, float.MaxValue),
                    new SignalArgument("probability", 'f', 0f, 1f)),
                new SignalInfo(Signal.SegmentWithdrawn, "segment/withdrawn",
                    new SignalArgument("id", 'i', 0f, float.MaxValue)),
                new SignalInfo(Signal.SegmentNovelty, "segment/novelty",
                    new SignalArgument("probability", 'f', 0f, 1f)),
                new SignalInfo(Signal.Beat, "beat",
                    new SignalArgument("index", 'i', 0f, float.MaxValue),
                    new SignalArgument("confidence", 'f', 0f, 1f)),
                new SignalInfo(Signal.Bar, "bar",
                    new SignalArgument("index", 'i', 0f, float.MaxValue),
                    new SignalArgument("confidence", 'f', 0f, 1f)),
                new SignalInfo(Signal.Tempo, "tempo",
                    new SignalArgument("bpm", 'f', 0f, 400f)),
                new SignalInfo(Signal.AudioLevel, "audio/level",
                    new SignalArgument("level", 'f', 0f, 1f)),
                new SignalInfo(Signal.AudioOnset, "audio/onset",
                    new SignalArgument("onset", 'f', 0f, 1f)),
                new SignalInfo(Signal.Music, "music",
                    new SignalArgument("music", 'f', 0f, 1f)),
                new SignalInfo(Signal.PlayerValence, "player/valence",
                    new SignalArgument("valence", 'f', -1f, 1f)),
                new SignalInfo(Signal.PlayerArousal, "player/arousal",
                    new SignalArgument("arousal", 'f', -1f, 1f)),
                new SignalInfo(Signal.PlayerConfidence, "player/confidence",
                    new SignalArgument("confidence", 'f', 0f, 1f)),
                new SignalInfo(Signal.PlayerSource, "player/source",
                    new SignalArgument("source", 's', 0f, 0f)),
                new SignalInfo(Signal.PlayerNegative, "player/negative",
                    new SignalArgument("probability", 'f', 0f, 1f)),
                new SignalInfo(Signal.PlayerUncertaintyValence, "player/uncertainty/valence",
                    new SignalArgument("deviation", 'f', 0f, 1f)),
                new SignalInfo(Signal.PlayerUncertaintyArousal, "player/uncertainty/arousal",
                    new SignalArgument("deviation", 'f', 0f, 1f)),
                new SignalInfo(Signal.PolicyStrategy, "policy/strategy",
                    new SignalArgument("strategy", 's', 0f, 0f)),
                new SignalInfo(Signal.PolicyDecision, "policy/decision",
                    new SignalArgument("rule", 's', 0f, 0f),
                    new SignalArgument("words", 's', 0f, 0f)),
                new SignalInfo(Signal.PolicyTrial, "policy/trial",
                    new SignalArgument("context", 's', 0f, 0f),
                    new SignalArgument("choice", 's', 0f, 0f),
                    new SignalArgument("propensity", 'f', 0f, 1f),
                    new SignalArgument("reward", 'f', -1f, 1f)),
                new SignalInfo(Signal.Gap, "gap",
                    new SignalArgument("valence", 'f', -2f, 2f),
                    new SignalArgument("arousal", 'f', -2f, 2f)),
                new SignalInfo(Signal.Request, "request",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("valence", 'f', -1f, 1f),
                    new SignalArgument("arousal", 'f', -1f, 1f),
                    new SignalArgument("intensity", 'f', 0f, 1f),
                    new SignalArgument("urgency", 'f', 0f, 1f),
                    new SignalArgument("transition", 's', 0f, 0f),
                    new SignalArgument("quantise", 's', 0f, 0f),
                    new SignalArgument("fade_beats", 'f', 0f, 1024f),
                    new SignalArgument("hold", 'f', 0f, float.MaxValue),
                    new SignalArgument("deadline", 'f', 0f, float.MaxValue),
                    new SignalArgument("reason", 's', 0f, 0f)),
                new SignalInfo(Signal.RequestValence, "request/valence",
                    new SignalArgument("valence", 'f', -1f, 1f)),
                new SignalInfo(Signal.RequestArousal, "request/arousal",
                    new SignalArgument("arousal", 'f', -1f, 1f)),
                new SignalInfo(Signal.RequestIntensity, "request/intensity",
                    new SignalArgument("intensity", 'f', 0f, 1f)),
                new SignalInfo(Signal.RequestUrgency, "request/urgency",
                    new SignalArgument("urgency", 'f', 0f, 1f)),
                new SignalInfo(Signal.RequestTransition, "request/transition",
                    new SignalArgument("transition", 's', 0f, 0f)),
                new SignalInfo(Signal.RequestQuantise, "request/quantise",
                    new SignalArgument("quantise", 's', 0f, 0f)),
                new SignalInfo(Signal.RequestFade, "request/fade",
                    new SignalArgument("fade_beats", 'f', 0f, 1024f)),
                new SignalInfo(Signal.RequestHold, "request/hold",
                    new SignalArgument("hold", 'f', 0f, float.MaxValue)),
                new SignalInfo(Signal.RequestDeadline, "request/deadline",
                    new SignalArgument("deadline", 'f', 0f, float.MaxValue)),
                new SignalInfo(Signal.RequestLabel, "request/label",
                    new SignalArgument("label", 's', 0f, 0f)),
                new SignalInfo(Signal.RequestGo, "request/go",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("label", 's', 0f, 0f),
                    new SignalArgument("quantise", 's', 0f, 0f),
                    new SignalArgument("urgency", 'f', 0f, 1f)),
                new SignalInfo(Signal.RequestCancel, "request/cancel",
                    new SignalArgument("id", 'i', 0f, float.MaxValue)),
                new SignalInfo(Signal.RequestState, "request/state",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("state", 's', 0f, 0f)),
                new SignalInfo(Signal.Suggest, "suggest",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("path", 's', 0f, 0f),
                    new SignalArgument("title", 's', 0f, 0f),
                    new SignalArgument("artist", 's', 0f, 0f),
                    new SignalArgument("valence", 'f', -1f, 1f),
                    new SignalArgument("arousal", 'f', -1f, 1f),
                    new SignalArgument("energy", 'i', 1f, 10f),
                    new SignalArgument("tempo", 'f', 0f, 1000f),
                    new SignalArgument("key", 's', 0f, 0f),
                    new SignalArgument("duration", 'f', 0f, float.MaxValue)),
                new SignalInfo(Signal.SuggestPath, "suggest/path",
                    new SignalArgument("path", 's', 0f, 0f)),
                new SignalInfo(Signal.SuggestUri, "suggest/uri",
                    new SignalArgument("uri", 's', 0f, 0f)),
                new SignalInfo(Signal.SuggestTitle, "suggest/title",
                    new SignalArgument("title", 's', 0f, 0f)),
                new SignalInfo(Signal.SuggestArtist, "suggest/artist",
                    new SignalArgument("artist", 's', 0f, 0f)),
                new SignalInfo(Signal.SuggestValence, "suggest/valence",
                    new SignalArgument("valence", 'f', -1f, 1f)),
                new SignalInfo(Signal.SuggestArousal, "suggest/arousal",
                    new SignalArgument("arousal", 'f', -1f, 1f)),
                new SignalInfo(Signal.SuggestEnergy, "suggest/energy",
                    new SignalArgument("energy", 'i', 1f, 10f)),
                new SignalInfo(Signal.SuggestTempo, "suggest/tempo",
                    new SignalArgument("tempo", 'f', 0f, 1000f)),
                new SignalInfo(Signal.SuggestKey, "suggest/key",
                    new SignalArgument("key", 's', 0f, 0f)),
                new SignalInfo(Signal.SuggestDuration, "suggest/duration",
                    new SignalArgument("duration", 'f', 0f, float.MaxValue)),
                new SignalInfo(Signal.SuggestGo, "suggest/go",
                    new SignalArgument("id", 'i', 0f, float.MaxValue),
                    new SignalArgument("path", 's', 0f, 0f),
                    new SignalArgument("title", 's', 0f, 0f),
                    new SignalArgument("artist", 's', 0f, 0f)),
                new SignalInfo(Signal.Labels, "labels",
                    new SignalArgument("number", 'i', 0f, float.MaxValue),
                    new SignalArgument("slug", 's', 0f, 0f),
                    new SignalArgument("name", 's', 0f, 0f),
                    new SignalArgument("examples", 'i', 0f, float.MaxValue)),
                new SignalInfo(Signal.Personal, "personal",
                    new SignalArgument("profile", 's', 0f, 0f),
                    new SignalArgument("corrections", 'i', 0f, float.MaxValue),
                    new SignalArgument("held_back", 'i', 0f, float.MaxValue),
                    new SignalArgument("words", 's', 0f, 0f)),
                new SignalInfo(Signal.Pong, "pong",
                    new SignalArgument("nonce", 'i', 0f, float.MaxValue),
                    new SignalArgument("session", 's', 0f, 0f)),
                new SignalInfo(Signal.Error, "error",
                    new SignalArgument("address", 's', 0f, 0f),
                    new SignalArgument("reason", 's', 0f, 0f)),
            };
        }
    }
}
