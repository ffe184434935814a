// Made by Tools~/make_signals.py from the tables of oscbridge: change those, not this.
namespace Oscbridge
{
    /// <summary>How to get to the other music.</summary>
    public enum Transition
    {
        Cut = 0,
        Crossfade = 1,
        Layer = 2,
        Segment = 3,
        Stinger = 4,
        Duck = 5,
        Param = 6,
    }

    /// <summary>Where it begins.</summary>
    public enum Quantise
    {
        Now = 0,
        Beat = 1,
        Bar = 2,
        TwoBars = 3,
        FourBars = 4,
        EightBars = 5,
        Cue = 6,
        End = 7,
    }

    /// <summary>Why other music is asked for.</summary>
    public enum Reason
    {
        Player = 0,
        Music = 1,
        User = 2,
        Timeout = 3,
        Test = 4,
    }

    /// <summary>What becomes of a request.</summary>
    public enum Ack
    {
        Queued = 0,
        Started = 1,
        Done = 2,
        Rejected = 3,
        Expired = 4,
    }

    /// <summary>What oscbridge is doing.</summary>
    public enum BridgeState
    {
        Starting = 0,
        Listening = 1,
        Silent = 2,
        Speech = 3,
        Calibrating = 4,
        Frozen = 5,
        Error = 6,
    }

    /// <summary>The words of the protocol, in the order of their enumerations.</summary>
    public static partial class ProtocolWords
    {
        public static readonly string[] Transition = { "cut", "crossfade", "layer", "segment", "stinger", "duck", "param" };
        public static readonly string[] Quantise = { "now", "beat", "bar", "2bar", "4bar", "8bar", "cue", "end" };
        public static readonly string[] Reason = { "player", "music", "user", "timeout", "test" };
        public static readonly string[] Ack = { "queued", "started", "done", "rejected", "expired" };
        public static readonly string[] BridgeState = { "starting", "listening", "silent", "speech", "calibrating", "frozen", "error" };
    }

    /// <summary>What oscbridge can be told: ends of addresses.</summary>
    public static class Inlet
    {
        public const int Port = 7770;
        public const double LeaseSeconds = 60;
        /// <summary>is answered by pong; renews the sender's subscriptions</summary>
        public const string Ping = "ping";
        /// <summary>tell me everything, at the port that I send from or at the one named; for 60 s after the last ping, or for good where a last 0 is given</summary>
        public const string Subscribe = "subscribe";
        /// <summary>tell me no more</summary>
        public const string Unsubscribe = "unsubscribe";
        /// <summary>say everything once more</summary>
        public const string Refresh = "refresh";
        /// <summary>how pleasant the player feels, how surely, and who says so</summary>
        public const string AffectValence = "in/affect/valence";
        /// <summary>how excited the player is, in the same way</summary>
        public const string AffectArousal = "in/affect/arousal";
        /// <summary>both at once, how surely, and who says so</summary>
        public const string AffectVa = "in/affect/va";
        /// <summary>the player's emotion by its name: yours, or happy, sad, angry, calm …</summary>
        public const string AffectEmotion = "in/affect/emotion";
        /// <summary>what the player writes</summary>
        public const string AffectText = "in/affect/text";
        /// <summary>heart rate</summary>
        public const string AffectHr = "in/affect/hr";
        /// <summary>time from one heartbeat to the next, for each beat</summary>
        public const string AffectRr = "in/affect/rr";
        /// <summary>its variability</summary>
        public const string AffectHrv = "in/affect/hrv";
        /// <summary>of the skin</summary>
        public const string AffectEda = "in/affect/eda";
        /// <summary>a blend shape of the player's face by its ARKit name, as in …/face/jawOpen</summary>
        public const string AffectFace = "in/affect/face";
        /// <summary>what happens or holds in the game, by its name in [sensors.game], as in …/game/health</summary>
        public const string AffectGame = "in/affect/game";
        /// <summary>what the player feels now is neutral, or a calibration begins or ends</summary>
        public const string AffectCalibrate = "in/affect/calibrate";
        /// <summary>forget the player, or one source</summary>
        public const string AffectClear = "in/affect/clear";
        /// <summary>the host's tempo</summary>
        public const string TransportTempo = "in/transport/tempo";
        /// <summary>the host's beat, from 0</summary>
        public const string TransportBeat = "in/transport/beat";
        /// <summary>the host's bar, from 0</summary>
        public const string TransportBar = "in/transport/bar";
        /// <summary>whether the host plays</summary>
        public const string TransportPlaying = "in/transport/playing";
        /// <summary>which scene or region plays at the host</summary>
        public const string TransportPlace = "in/transport/place";
        /// <summary>what the host does about a request</summary>
        public const string RequestAck = "in/request/ack";
        /// <summary>ask the host for such music now</summary>
        public const string RequestMake = "in/request/make";
        /// <summary>take the outstanding request back</summary>
        public const string RequestCancel = "in/request/cancel";
        /// <summary>another word for it</summary>
        public const string LabelSet = "in/label/set";
        /// <summary>a word for a region of the plane</summary>
        public const string LabelDefine = "in/label/define";
        /// <summary>forget a word</summary>
        public const string LabelDelete = "in/label/delete";
        /// <summary>which words there are</summary>
        public const string LabelList = "in/label/list";
        /// <summary>what plays now is this</summary>
        public const string LabelTrain = "in/label/train";
        /// <summary>take the last example back</summary>
        public const string LabelTrainUndo = "in/label/train/undo";
        /// <summary>what plays now is neutral, or this point is</summary>
        public const string CalibrateOrigin = "in/calibrate/origin";
        /// <summary>time constant</summary>
        public const string SetSmoothingS = "in/set/smoothing_s";
        /// <summary>shortest stay in a quadrant</summary>
        public const string SetDwellS = "in/set/dwell_s";
        /// <summary>how far to pass zero</summary>
        public const string SetHysteresis = "in/set/hysteresis";
        /// <summary>of continuous signals</summary>
        public const string SetRateHz = "in/set/rate_hz";
        /// <summary>stretches valence</summary>
        public const string SetSensitivityV = "in/set/sensitivity_v";
        /// <summary>stretches arousal</summary>
        public const string SetSensitivityA = "in/set/sensitivity_a";
        /// <summary>lifts or lowers the intensity alone</summary>
        public const string SetIntensityBias = "in/set/intensity_bias";
        /// <summary>hold all values as they are</summary>
        public const string Freeze = "in/freeze";
        /// <summary>say these values instead, to try a patch without music; 0 s ends it</summary>
        public const string Override = "in/override";
        /// <summary>a new section begins now</summary>
        public const string SegmentMark = "in/segment/mark";
        /// <summary>speak the words of another host</summary>
        public const string Preset = "in/preset";
        /// <summary>sweep this output alone, for MIDI or OSC learn; stop ends it</summary>
        public const string Learn = "in/learn";
        /// <summary>play a test pattern</summary>
        public const string Test = "in/test";
    }
}
