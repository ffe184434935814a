namespace Oscbridge.Checks
{
    public static class BoardChecks
    {
        public static void EverySignalIsFoundByItsAddressAndKeepsItsArguments()
        {
            for (var row = 0; row < Signals.Count; row++)
            {
                var info = Signals.At(row);
                var types = "";
                var arguments = new object[info.Arguments.Length];
                for (var i = 0; i < arguments.Length; i++)
                {
                    var argument = info.Arguments[i];
                    types += argument.Type;
                    arguments[i] = argument.Type == 's' ? "text " + i
                        : argument.Type == 'i' ? (object)(int)argument.Low : (object)argument.Low;
                }
                var desk = new Desk();
                Demand.That(desk.Take(Packets.Message("/oscbridge/" + info.Name, types, arguments)), info.Name);
                Demand.Equal(1, desk.Ear.Signals.Count, info.Name + ": signals heard");
                Demand.Equal(info.Signal, desk.Ear.Signals[0], info.Name);
                for (var i = 0; i < arguments.Length; i++)
                {
                    if (info.Arguments[i].IsNumber)
                    {
                        Demand.Near(info.Arguments[i].Low, desk.Board.Number(info.Signal, i), 0.0, info.Name);
                    }
                    else
                    {
                        Demand.Equal("text " + i, desk.Board.Text(info.Signal, i), info.Name);
                    }
                }
            }
        }

        public static void WhatIsNotANumberIsRefusedAndChangesNothing()
        {
            var desk = new Desk();
            desk.Take(Packets.Message("/oscbridge/va", "ff", 0.25f, 0.5f));
            desk.Take(Packets.Message("/oscbridge/va", "ff", 0.75f, float.NaN));
            desk.Take(Packets.Message("/oscbridge/va", "ff", float.PositiveInfinity, 0f));
            desk.Take(Packets.Message("/oscbridge/va", "f", 0.75f));
            Demand.Near(0.25, desk.Board.Number(Signal.Va, 0), 0.0, "valence");
            Demand.Equal(3L, desk.Board.Refused, "refused");
            Demand.Equal(1, desk.Board.Count(Signal.Va), "taken");
        }

        public static void WhatIsOutOfRangeIsMovedToItsEdge()
        {
            var desk = new Desk();
            desk.Take(Packets.Message("/oscbridge/arousal", "f", 3f));
            Demand.Near(1.0, desk.Board.Number(Signal.Arousal, 0), 0.0, "arousal");
        }

        public static void CountersKeepAllTheirDigits()
        {
            var desk = new Desk();
            desk.Take(Packets.Message("/oscbridge/heartbeat", "ii", int.MaxValue - 1, 123456789));
            Demand.Equal(int.MaxValue - 1, desk.Board.Whole(Signal.Heartbeat, 0), "seq");
            Demand.Equal(123456789, desk.Board.Whole(Signal.Heartbeat, 1), "t_ms");
        }

        public static void ANewerProtocolMayAddArguments()
        {
            var desk = new Desk();
            desk.Take(Packets.Message("/oscbridge/valence", "ff", 0.5f, 9f));
            Demand.Near(0.5, desk.Board.Number(Signal.Valence, 0), 0.0, "valence");
        }

        public static void OtherAddressesAreCountedAndTheFirstIsRemembered()
        {
            var desk = new Desk();
            desk.Take(Packets.Message("/live/song/tempo", "f", 120f));
            desk.Take(Packets.Message("/oscbridge/valenc", "f", 1f));
            desk.Take(Packets.Message("/oscbridge", "f", 1f));
            Demand.Equal(3L, desk.Board.Foreign, "foreign");
            Demand.Equal("/live/song/tempo", desk.Board.FirstForeign, "the first");
        }

        public static void OneOfSeveralStreamsIsHeardAndWhatIsForAllToo()
        {
            var desk = new Desk("/oscbridge", "drums");
            desk.Take(Packets.Message("/oscbridge/drums/arousal", "f", 0.5f));
            desk.Take(Packets.Message("/oscbridge/crowd/arousal", "f", -0.5f));
            desk.Take(Packets.Message("/oscbridge/pong", "is", 7, "session"));
            Demand.Near(0.5, desk.Board.Number(Signal.Arousal, 0), 0.0, "arousal of the drums");
            Demand.Equal(1, desk.Board.Count(Signal.Pong), "pongs");
        }

        public static void LabelsOfTheUsersOwnAreWeighedUntilTheyAreNoMore()
        {
            var desk = new Desk("/oscbridge", "drums");
            desk.Take(Packets.Message("/oscbridge/drums/label/fog", "f", 0.75f));
            desk.Take(Packets.Message("/oscbridge/label/rain", "f", 7f));
            desk.Take(Packets.Message("/oscbridge/label/rain", "s", "much"));
            desk.Take(Packets.Message("/oscbridge/label/", "f", 0.5f));
            Demand.Equal(2, desk.Ear.Weights.Count, "weights heard");
            Demand.Equal("fog", desk.Ear.Weights[0].Slug, "slug");
            Demand.Near(0.75, desk.Board.Labels.Of("fog"), 0.0, "fog");
            Demand.Near(1.0, desk.Board.Labels.Of("rain"), 0.0, "rain, at the edge of its range");
            Demand.Equal(1L, desk.Board.Refused, "refused");
            Demand.Equal(1L, desk.Board.Foreign, "foreign");
            desk.Take(Packets.Message("/oscbridge/labels", "issi", 0, "fog", "Fog", 0));
            Demand.That(!desk.Board.Labels.Knows("fog"), "a label that is no more");
        }

        public static void LabelsOfAllLanguagesCome()
        {
            var desk = new Desk();
            desk.Take(Packets.Message("/oscbridge/quadrant/label", "s", "fröhlich 楽しい 🎵"));
            Demand.Equal("fröhlich 楽しい 🎵", desk.Board.Text(Signal.QuadrantLabel, 0), "label");
        }

        public static void TheSameTextIsTheSameObjectAndManyTextsDoNoHarm()
        {
            var desk = new Desk();
            desk.Take(Packets.Message("/oscbridge/quadrant/label", "s", "happy"));
            var first = desk.Board.Text(Signal.QuadrantLabel, 0);
            desk.Take(Packets.Message("/oscbridge/quadrant/label", "s", "happy"));
            Demand.That(ReferenceEquals(first, desk.Board.Text(Signal.QuadrantLabel, 0)), "made twice");
            for (var i = 0; i < 2000; i++)
            {
                desk.Take(Packets.Message("/oscbridge/quadrant/label", "s", "label " + i));
                Demand.Equal("label " + i, desk.Board.Text(Signal.QuadrantLabel, 0), "label");
            }
        }
    }
}
