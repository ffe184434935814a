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

    /// <summary>Signals of which there are as many as the user makes.</summary>
    public static class Family
    {
        /// <summary>how well a label of yours fits, under its slug: …/label/calm; several may at once</summary>
        public const string Label = "label";
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
        /// <summary>by which other music is asked for because of what the player feels</summary>
        public const string PolicyStrategy = "in/policy/strategy";
        /// <summary>where iso and compensate lead; what director asks for</summary>
        public const string PolicyGoal = "in/policy/goal";
        /// <summary>what goes on: combat, menu …</summary>
        public const string PolicyContext = "in/policy/context";
        /// <summary>the player wants none of this</summary>
        public const string PolicyOptOut = "in/policy/opt_out";
        /// <summary>act on what the player feels without waiting for it to last</summary>
        public const string PolicyAsk = "in/policy/ask";
        /// <summary>the player has left the music that was asked for; the next best is suggested, if any was</summary>
        public const string PolicySkip = "in/policy/skip";
        /// <summary>the listener has put this on: its title or its path; kept with --sense plays</summary>
        public const string Played = "in/played";
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
        /// <summary>a label for a region of the plane, new or moved</summary>
        public const string LabelDefine = "in/label/define";
        /// <summary>a label of yours is no more</summary>
        public const string LabelDelete = "in/label/delete";
        /// <summary>which labels of yours there are: answered by labels</summary>
        public const string LabelList = "in/label/list";
        /// <summary>what plays now is this: a quadrant by number or word, a label of yours, or a new one</summary>
        public const string LabelTrain = "in/label/train";
        /// <summary>take back what was taught last, whatever it was</summary>
        public const string LabelTrainUndo = "in/label/train/undo";
        /// <summary>what is said of what plays now is wrong</summary>
        public const string LabelWrong = "in/label/wrong";
        /// <summary>what plays now is at this point</summary>
        public const string PersonalVa = "in/personal/va";
        /// <summary>learn no more from corrections</summary>
        public const string PersonalFreeze = "in/personal/freeze";
        /// <summary>forget all corrections; labels stay</summary>
        public const string PersonalReset = "in/personal/reset";
        /// <summary>whose labels and corrections; an empty text: nobody's</summary>
        public const string Profile = "in/profile";
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
        /// <summary>of the policy: where iso and compensate lead, valence</summary>
        public const string SetPolicyGoalValence = "in/set/policy/goal_valence";
        /// <summary>of the policy: and arousal</summary>
        public const string SetPolicyGoalArousal = "in/set/policy/goal_arousal";
        /// <summary>of the policy: longest step of iso, in the plane</summary>
        public const string SetPolicyStep = "in/set/policy/step";
        /// <summary>of the policy: between two steps of iso, seconds</summary>
        public const string SetPolicyStepS = "in/set/policy/step_s";
        /// <summary>of the policy: act from this probability of feeling bad</summary>
        public const string SetPolicyNegativeFrom = "in/set/policy/negative_from";
        /// <summary>of the policy: that has lasted for so long, seconds</summary>
        public const string SetPolicyNegativeS = "in/set/policy/negative_s";
        /// <summary>of the policy: what is felt is the median of so long, s</summary>
        public const string SetPolicySteadyS = "in/set/policy/steady_s";
        /// <summary>of the policy: a new target is at least so far away</summary>
        public const string SetPolicyEnter = "in/set/policy/enter";
        /// <summary>of the policy: a walk ends so near to its goal</summary>
        public const string SetPolicyLeave = "in/set/policy/leave";
        /// <summary>of the policy: shortest stay in asked-for music, s</summary>
        public const string SetPolicyDwellS = "in/set/policy/dwell_s";
        /// <summary>of the policy: most requests a minute</summary>
        public const string SetPolicyPerMinute = "in/set/policy/per_minute";
        /// <summary>of the policy: after a host refused or let it lapse, s</summary>
        public const string SetPolicyCooldownS = "in/set/policy/cooldown_s";
        /// <summary>of the policy: after a person chose music, seconds</summary>
        public const string SetPolicyOverrideS = "in/set/policy/override_s";
        /// <summary>of the policy: drop a request not begun by then, s</summary>
        public const string SetPolicyDeadlineS = "in/set/policy/deadline_s";
        /// <summary>of the policy: of a request; less for steps of iso</summary>
        public const string SetPolicyUrgency = "in/set/policy/urgency";
        /// <summary>of the policy: of a fade over 0.25 of the way, beats</summary>
        public const string SetPolicyFadeBeats = "in/set/policy/fade_beats";
        /// <summary>of the policy: act only if so much is known of the player, bits</summary>
        public const string SetPolicyLeastBits = "in/set/policy/least_bits";
        /// <summary>of the policy: how far out music goes on one sensor's word</summary>
        public const string SetPolicyReach = "in/set/policy/reach";
        /// <summary>of the policy: a heart is fast so far above rest, share</summary>
        public const string SetPolicyHighPulse = "in/set/policy/high_pulse";
        /// <summary>of the policy: and where rest is unknown, from here</summary>
        public const string SetPolicyHighBpm = "in/set/policy/high_bpm";
        /// <summary>of the policy: stop when it got worse for so long, s</summary>
        public const string SetPolicyStopS = "in/set/policy/stop_s";
        /// <summary>of the policy: and leave the player alone for, s</summary>
        public const string SetPolicyStopRestS = "in/set/policy/stop_rest_s";
        /// <summary>of the policy: compensate: where the goal's own music is not enough, music beyond it by this share of what the player lacks</summary>
        public const string SetPolicyBeyond = "in/set/policy/beyond";
        /// <summary>hold all values as they are</summary>
        public const string Freeze = "in/freeze";
        /// <summary>say these values instead, to try a patch without music; 0 s ends it</summary>
        public const string Override = "in/override";
        /// <summary>a new section begins now</summary>
        public const string SegmentMark = "in/segment/mark";
        /// <summary>the section that was told last is none</summary>
        public const string SegmentWrong = "in/segment/wrong";
        /// <summary>speak the words of another host</summary>
        public const string Preset = "in/preset";
        /// <summary>sweep this output alone, for MIDI or OSC learn; stop ends it</summary>
        public const string Learn = "in/learn";
        /// <summary>play a test pattern</summary>
        public const string Test = "in/test";
    }
}
