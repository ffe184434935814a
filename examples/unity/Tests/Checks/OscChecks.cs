using System;
using System.Collections.Generic;

namespace Oscbridge.Checks
{
    public static class OscChecks
    {
        sealed class Sink : IOscSink
        {
            public readonly List<string> Texts = new List<string>();
            readonly TextCache cache = new TextCache();

            public void Take(OscMessage message)
            {
                var text = "";
                for (var i = 0; i < message.Count; i++)
                {
                    text += (i > 0 ? " " : "")
                        + (message.IsText(i) ? message.Text(i, cache) : message.Number(i).ToString("R"));
                }
                Texts.Add(text);
            }
        }

        /// <summary>The two examples of the OSC 1.0 specification, byte by byte as it prints them.</summary>
        static readonly byte[] frequency =
        {
            0x2f, 0x6f, 0x73, 0x63, 0x69, 0x6c, 0x6c, 0x61, 0x74, 0x6f, 0x72, 0x2f, 0x34, 0x2f, 0x66, 0x72,
            0x65, 0x71, 0x75, 0x65, 0x6e, 0x63, 0x79, 0x00, 0x2c, 0x66, 0x00, 0x00, 0x43, 0xdc, 0x00, 0x00,
        };

        static readonly byte[] foo =
        {
            0x2f, 0x66, 0x6f, 0x6f, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x69, 0x69, 0x73, 0x66, 0x66, 0x00, 0x00,
            0x00, 0x00, 0x03, 0xe8, 0xff, 0xff, 0xff, 0xff, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x00, 0x00, 0x00,
            0x3f, 0x9d, 0xf3, 0xb6, 0x40, 0xb5, 0xb2, 0x2d,
        };

        public static void TheExamplesOfTheSpecificationAreRead()
        {
            var sink = new Sink();
            Demand.That(new OscReader().Read(frequency, frequency.Length, sink), "first example refused");
            Demand.That(new OscReader().Read(foo, foo.Length, sink), "second example refused");
            Demand.Equal("440", sink.Texts[0], "first example");
            Demand.Equal(
                "1000 -1 hello " + ((double)1.234f).ToString("R") + " " + ((double)5.678f).ToString("R"),
                sink.Texts[1], "second example");
        }

        public static void TheExamplesOfTheSpecificationAreWritten()
        {
            var writer = new OscWriter();
            Same(frequency, writer.Begin("/oscillator/4", "frequency", "f").Float(440f));
            writer.Begin("", "foo", "iisff").Int(1000).Int(-1).Text("hello").Float(1.234f).Float(5.678f);
            Same(foo, writer);
        }

        public static void EveryMessageThatIsCutShortIsRefusedAsAWhole()
        {
            var whole = Packets.Bundle(foo, frequency);
            for (var length = 0; length < whole.Length; length++)
            {
                var isShorterBundle = length == 16 || length == 20 + foo.Length;
                var sink = new Sink();
                var isRead = new OscReader().Read(whole, length, sink);
                Demand.Equal(isShorterBundle, isRead, "a packet cut to " + length + " bytes");
                Demand.That(isRead || sink.Texts.Count == 0, "a part of a malformed packet was handed on");
            }
        }

        public static void WhatFollowsTheLastArgumentMakesAPacketMalformed()
        {
            var longer = new byte[foo.Length + 4];
            Array.Copy(foo, longer, foo.Length);
            Demand.That(!new OscReader().Read(longer, longer.Length, new Sink()), "four bytes too many taken");
        }

        public static void ABlobIsPassedOverAndOneThatIsCutShortRefused()
        {
            // "/b" ",bi": three bytes and their padding, then 7.
            var packet = new byte[] { 0x2f, 0x62, 0, 0, 0x2c, 0x62, 0x69, 0, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 7 };
            var sink = new Sink();
            Demand.That(new OscReader().Read(packet, packet.Length, sink), "a blob refused");
            Demand.That(sink.Texts[0].EndsWith(" 7"), "what follows the blob");
            for (var size = 9; size < 16; size++)
            {
                packet[11] = (byte)size;
                Demand.That(!new OscReader().Read(packet, packet.Length, sink), "a blob of " + size + " bytes taken");
            }
        }

        public static void BundlesWithinBundlesAreOpenedAndEndlessOnesRefused()
        {
            var packet = Packets.Bundle(foo, Packets.Bundle(frequency, Packets.Bundle()));
            var sink = new Sink();
            Demand.That(new OscReader().Read(packet, packet.Length, sink), "bundle refused");
            Demand.Equal(2, sink.Texts.Count, "messages");
            for (var depth = 0; depth < 30; depth++)
            {
                packet = Packets.Bundle(packet);
            }
            Demand.That(!new OscReader().Read(packet, packet.Length, sink), "33 bundles within each other taken");
        }

        public static void RandomBytesNeverThrow()
        {
            var random = new Random(20261121);
            var sink = new Sink();
            var reader = new OscReader();
            for (var round = 0; round < 20000; round++)
            {
                var packet = (byte[])(round % 2 == 0 ? foo : Packets.Bundle(foo, frequency)).Clone();
                for (var changes = random.Next(1, 6); changes > 0; changes--)
                {
                    packet[random.Next(packet.Length)] = (byte)random.Next(256);
                }
                reader.Read(packet, random.Next(packet.Length + 1), sink);
            }
            sink.Texts.Clear();
            Demand.That(reader.Read(frequency, frequency.Length, sink), "a good packet after them refused");
            Demand.Equal("440", sink.Texts[0], "a good packet after them");
        }

        public static void ANumberIsANumberOfWhateverTypeItComes()
        {
            var desk = new Desk();
            desk.Take(Packets.Message("/oscbridge/valence", "i", 1));
            Demand.Near(1.0, desk.Board.Number(Signal.Valence, 0), 0.0, "valence as an int");
            desk.Take(Packets.Message("/oscbridge/valence", "F"));
            Demand.Near(0.0, desk.Board.Number(Signal.Valence, 0), 0.0, "valence as false");
            Demand.That(desk.Take(Packets.Message("/oscbridge/valence", "s", "much")), "no OSC");
            Demand.Equal(1L, desk.Board.Refused, "texts for numbers");
        }

        public static void WhatDoesNotFitIntoADatagramSaysSo()
        {
            var writer = new OscWriter();
            Demand.That(!writer.Begin("/a", "b", "s").Text(new string('x', 2000)).Fits, "2000 bytes fit");
            Demand.That(writer.Begin("/a", "b", "s").Text("x").Fits, "the next message does not fit");
        }

        static void Same(byte[] expected, OscWriter writer)
        {
            Demand.Equal(expected.Length, writer.Length, "length");
            for (var i = 0; i < expected.Length; i++)
            {
                Demand.Equal(expected[i], writer.Data[i], "byte " + i);
            }
        }
    }
}
