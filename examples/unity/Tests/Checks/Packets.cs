using System;
using System.Collections.Generic;
using System.Text;

namespace Oscbridge.Checks
{
    /// <summary>OSC 1.0 written out by hand, apart from the writer of the package.</summary>
    static class Packets
    {
        public static byte[] Message(string address, string types, params object[] arguments)
        {
            var bytes = new List<byte>();
            Put(bytes, address);
            Put(bytes, "," + types);
            foreach (var argument in arguments)
            {
                if (argument is string)
                {
                    Put(bytes, (string)argument);
                }
                else
                {
                    var raw = argument is int
                        ? BitConverter.GetBytes((int)argument) : BitConverter.GetBytes((float)argument);
                    Array.Reverse(raw);
                    bytes.AddRange(raw);
                }
            }
            return bytes.ToArray();
        }

        public static byte[] Bundle(params byte[][] elements)
        {
            var bytes = new List<byte>();
            Put(bytes, "#bundle");
            bytes.AddRange(new byte[] { 0, 0, 0, 0, 0, 0, 0, 1 });
            foreach (var element in elements)
            {
                var size = BitConverter.GetBytes(element.Length);
                Array.Reverse(size);
                bytes.AddRange(size);
                bytes.AddRange(element);
            }
            return bytes.ToArray();
        }

        static void Put(List<byte> bytes, string text)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(text));
            do
            {
                bytes.Add(0);
            }
            while (bytes.Count % 4 != 0);
        }
    }

    /// <summary>Remembers the signals that were heard.</summary>
    sealed class Ear : ISignalListener
    {
        public readonly List<Signal> Signals = new List<Signal>();
        public readonly List<LabelWeight> Weights = new List<LabelWeight>();

        public void Heard(Signal signal)
        {
            Signals.Add(signal);
        }

        public void Weighed(LabelWeight label)
        {
            Weights.Add(label);
        }
    }

    /// <summary>A board with a reader before it.</summary>
    sealed class Desk
    {
        public readonly Ear Ear = new Ear();
        public readonly SignalBoard Board;
        readonly OscReader reader = new OscReader();

        public Desk(string prefix = "/oscbridge", string stream = "")
        {
            Board = new SignalBoard(prefix, stream, Ear);
        }

        public bool Take(byte[] packet)
        {
            return reader.Read(packet, packet.Length, Board);
        }
    }
}
