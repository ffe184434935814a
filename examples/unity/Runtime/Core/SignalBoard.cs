using System;
using System.Text;

namespace Oscbridge
{
    /// <summary>Whoever wants to know that a signal came; its values are on the board by then.</summary>
    public interface ISignalListener
    {
        void Heard(Signal signal);

        void Weighed(LabelWeight label);
    }

    /// <summary>
    /// The newest arguments of every signal. A message whose arguments are too few, of the wrong type
    /// or not finite is refused as a whole; numbers beyond their range are moved to its edge.
    /// </summary>
    public sealed class SignalBoard : IOscSink
    {
        const int MaxArguments = 11;

        readonly double[] numbers = new double[Signals.Capacity * MaxArguments];
        readonly string[] texts = new string[Signals.Capacity * MaxArguments];
        readonly int[] counts = new int[Signals.Capacity];
        readonly double[] fresh = new double[MaxArguments];
        readonly TextCache cache = new TextCache();
        readonly ISignalListener listener;
        readonly byte[] prefix;
        readonly byte[] streamPrefix;
        readonly byte[] labelPrefix;
        readonly byte[] streamLabelPrefix;

        /// <param name="prefix">What addresses start with, "/oscbridge".</param>
        /// <param name="stream">Name of one of several streams, else empty.</param>
        public SignalBoard(string prefix, string stream, ISignalListener listener)
        {
            var streamHead = string.IsNullOrEmpty(stream) ? prefix + "/" : prefix + "/" + stream + "/";
            this.prefix = Encoding.UTF8.GetBytes(prefix + "/");
            streamPrefix = Encoding.UTF8.GetBytes(streamHead);
            labelPrefix = Encoding.UTF8.GetBytes(prefix + "/" + Family.Label + "/");
            streamLabelPrefix = Encoding.UTF8.GetBytes(streamHead + Family.Label + "/");
            Labels = new LabelWeights();
            this.listener = listener;
            Clear();
        }

        /// <summary>How well labels of the user's own fit.</summary>
        public LabelWeights Labels { get; private set; }

        /// <summary>Messages that were taken.</summary>
        public long Taken { get; private set; }

        /// <summary>Messages of ours whose arguments were wrong.</summary>
        public long Refused { get; private set; }

        /// <summary>Messages with an address that is not ours.</summary>
        public long Foreign { get; private set; }

        /// <summary>The first of those addresses, for people; else empty.</summary>
        public string FirstForeign { get; private set; }

        /// <summary>How often a signal was heard.</summary>
        public int Count(Signal signal)
        {
            return Signals.Of(signal) == null ? 0 : counts[(int)signal];
        }

        public float Number(Signal signal, int argument)
        {
            return (float)Exact(signal, argument);
        }

        public int Whole(Signal signal, int argument)
        {
            return (int)Exact(signal, argument);
        }

        public string Text(Signal signal, int argument)
        {
            return IsArgument(signal, argument) ? texts[(int)signal * MaxArguments + argument] : "";
        }

        /// <summary>Forget everything.</summary>
        public void Clear()
        {
            Array.Clear(numbers, 0, numbers.Length);
            Array.Clear(counts, 0, counts.Length);
            Labels.Clear();
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i] = "";
            }
            numbers[(int)Signal.NormValence * MaxArguments] = 0.5;
            numbers[(int)Signal.NormArousal * MaxArguments] = 0.5;
            Taken = Refused = Foreign = 0;
            FirstForeign = "";
        }

        public void Take(OscMessage message)
        {
            var info = Find(message);
            if (info == null)
            {
                if (!TakeWeight(streamLabelPrefix, message) && !TakeWeight(labelPrefix, message))
                {
                    TakeForeign(message);
                }
                return;
            }
            if (!Read(message, info))
            {
                Refused++;
                return;
            }
            Taken++;
            counts[(int)info.Signal]++;
            if (info.Signal == Signal.Labels && Whole(Signal.Labels, 0) == 0)
            {
                Labels.Forget(Text(Signal.Labels, 1));
            }
            listener.Heard(info.Signal);
        }

        /// <summary>Take the weight of a label; false where the address is not one.</summary>
        bool TakeWeight(byte[] head, OscMessage message)
        {
            var length = message.AddressLength - head.Length;
            if (length <= 0
                || !Bytes.StartsWith(message.Data, message.AddressStart, message.AddressLength, head))
            {
                return false;
            }
            var weight = message.Count == 0 ? double.NaN : message.Number(0);
            if (double.IsNaN(weight) || double.IsInfinity(weight))
            {
                Refused++;
                return true;
            }
            var label = new LabelWeight
            {
                Slug = cache.Of(message.Data, message.AddressStart + head.Length, length),
                Weight = (float)Math.Min(Math.Max(weight, 0.0), 1.0),
            };
            Taken++;
            Labels.Put(label);
            listener.Weighed(label);
            return true;
        }

        void TakeForeign(OscMessage message)
        {
            Foreign++;
            if (FirstForeign.Length == 0)
            {
                FirstForeign = cache.Of(message.Data, message.AddressStart, message.AddressLength);
            }
        }

        /// <summary>As a double, since a float cannot count to 2^31.</summary>
        double Exact(Signal signal, int argument)
        {
            return IsArgument(signal, argument) ? numbers[(int)signal * MaxArguments + argument] : 0.0;
        }

        SignalInfo Find(OscMessage message)
        {
            return FindUnder(streamPrefix, message) ?? FindUnder(prefix, message);
        }

        static SignalInfo FindUnder(byte[] head, OscMessage message)
        {
            if (!Bytes.StartsWith(message.Data, message.AddressStart, message.AddressLength, head))
            {
                return null;
            }
            return Signals.Find(
                message.Data, message.AddressStart + head.Length, message.AddressLength - head.Length);
        }

        bool Read(OscMessage message, SignalInfo info)
        {
            var arguments = info.Arguments;
            if (message.Count < arguments.Length)
            {
                return false;
            }
            for (var i = 0; i < arguments.Length; i++)
            {
                if (!arguments[i].IsNumber)
                {
                    if (!message.IsText(i))
                    {
                        return false;
                    }
                    continue;
                }
                var number = message.Number(i);
                if (double.IsNaN(number) || double.IsInfinity(number))
                {
                    return false;
                }
                fresh[i] = Clamped(number, arguments[i]);
            }
            Store(message, info);
            return true;
        }

        static double Clamped(double number, SignalArgument argument)
        {
            if (argument.Type == 'i')
            {
                number = Math.Min(Math.Max(number, int.MinValue), int.MaxValue);
            }
            return Math.Min(Math.Max(number, argument.Low), argument.High);
        }

        void Store(OscMessage message, SignalInfo info)
        {
            var slot = (int)info.Signal * MaxArguments;
            for (var i = 0; i < info.Arguments.Length; i++)
            {
                if (info.Arguments[i].IsNumber)
                {
                    numbers[slot + i] = fresh[i];
                }
                else
                {
                    texts[slot + i] = message.Text(i, cache);
                }
            }
        }

        static bool IsArgument(Signal signal, int argument)
        {
            var info = Signals.Of(signal);
            return info != null && argument >= 0 && argument < info.Arguments.Length;
        }
    }
}
