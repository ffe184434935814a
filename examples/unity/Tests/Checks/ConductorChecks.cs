using System;
using System.Collections.Generic;

namespace Oscbridge.Checks
{
    public static class ConductorChecks
    {
        const double Frame = 1.0 / 60.0;
        const double AudioBlock = 1024.0 / 48000.0;
        const double Millisecond = 1e-3;
        const double FirstStart = 0.25;

        /// <summary>A stage that notes everything.</summary>
        sealed class Stage : IStage
        {
            public struct Played
            {
                public int Deck;
                public int Section;
                public double At;
                public double HandedAt;
            }

            public readonly List<Played> Starts = new List<Played>();
            public readonly List<double> Stops = new List<double>();
            public readonly List<string> Acks = new List<string>();
            public readonly List<double> Strikes = new List<double>();
            public readonly List<double> Ducks = new List<double>();
            public int Turns;
            public double Now;
            public bool IsStruck;

            public bool HasLayers { get; set; }

            public bool CanStrike(MusicRequest request, double at)
            {
                return IsStruck;
            }

            public void Play(int deck, int section, double at, bool atOnce)
            {
                Starts.Add(new Played { Deck = deck, Section = section, At = at, HandedAt = Now });
            }

            public void StopAt(int deck, double at)
            {
                Stops.Add(at);
            }

            public double Strike(MusicRequest request, double at)
            {
                Strikes.Add(at);
                return 1.0;
            }

            public void Turn(MusicRequest request, Quadrant quadrant, double at, double fadeSeconds)
            {
                Turns++;
            }

            public void Duck(double at, double fadeSeconds, double holdSeconds)
            {
                Ducks.Add(at);
            }

            public void Acknowledge(int id, Ack state, double secondsUntilStart)
            {
                Acks.Add(id + " " + state);
            }
        }

        /// <summary>A conductor, its stage, and the sound card's clock, which moves in blocks.</summary>
        sealed class Rehearsal
        {
            public readonly Stage Stage = new Stage();
            public readonly Conductor Conductor;
            double seconds;

            public Rehearsal(double beatsPerMinute, int beatsPerBar)
            {
                var sections = new Section[4];
                for (var i = 0; i < sections.Length; i++)
                {
                    sections[i] = new Section
                    {
                        Name = ((Quadrant)(i + 1)).ToString(),
                        Quadrant = (Quadrant)(i + 1),
                        BeatsPerMinute = beatsPerMinute,
                        BeatsPerBar = beatsPerBar,
                        Bars = 8,
                    };
                }
                Conductor = new Conductor(new Score(sections), new Section(), Stage);
                Conductor.Begin(3, FirstStart);
            }

            public double Now { get { return Math.Floor(seconds / AudioBlock) * AudioBlock; } }

            public void Run(double until)
            {
                while (seconds < until)
                {
                    Step(Frame);
                }
            }

            public void Step(double elapsed)
            {
                seconds += elapsed;
                Stage.Now = Now;
                Conductor.Update(Now);
            }

            public double Take(MusicRequest request)
            {
                Stage.Now = Now;
                Conductor.Take(request, Now);
                return Now;
            }
        }

        static MusicRequest Request(int id, Quadrant quadrant, Quantise quantise)
        {
            float valence, arousal;
            AffectPlane.PointOf(quadrant, 0.5f, out valence, out arousal);
            return new MusicRequest
            {
                Id = id,
                HasTarget = true,
                Valence = valence,
                Arousal = arousal,
                Transition = Transition.Crossfade,
                Quantise = quantise,
                FadeBeats = 2f,
                Reason = Reason.Player,
                Label = "",
            };
        }

        public static void TransitionsBeginOnTheRightBarToTheMillisecond()
        {
            var random = new Random(7770);
            for (var round = 0; round < 200; round++)
            {
                var beatsPerMinute = 60.0 + 120.0 * random.NextDouble();
                var beatsPerBar = random.Next(3, 8);
                var bars = new[] { 1, 2, 4, 8 }[random.Next(4)];
                var quantise = bars == 1 ? Quantise.Bar : bars == 2 ? Quantise.TwoBars
                    : bars == 4 ? Quantise.FourBars : Quantise.EightBars;
                var rehearsal = new Rehearsal(beatsPerMinute, beatsPerBar);
                rehearsal.Run(1.0 + 20.0 * random.NextDouble());
                var askedAt = rehearsal.Take(Request(1, Quadrant.Tense, quantise));
                rehearsal.Run(askedAt + 100.0);

                // The truth, by counting bars one after the other.
                var step = bars * beatsPerBar * 60.0 / beatsPerMinute;
                var expected = FirstStart;
                while (expected < askedAt + Conductor.Lead - 1e-4)
                {
                    expected += step;
                }
                var start = rehearsal.Stage.Starts[1];
                Demand.Near(expected, start.At, Millisecond, "start of round " + round);
                Demand.Equal(1, start.Section, "section");
                Demand.That(start.HandedAt < start.At, "handed on after its start");
                Demand.Near(expected + 2.0 * 60.0 / beatsPerMinute, rehearsal.Stage.Stops[0], Millisecond, "end of the old");
            }
        }

        public static void TheBarsOfTheNewSectionCountFromItsOwnStart()
        {
            var rehearsal = new Rehearsal(90.0, 3);
            rehearsal.Run(3.0);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.Beat));
            rehearsal.Run(20.0);
            var first = rehearsal.Stage.Starts[1].At;
            rehearsal.Take(Request(2, Quadrant.Sad, Quantise.Bar));
            rehearsal.Run(40.0);
            var bars = (rehearsal.Stage.Starts[2].At - first) / 2.0;
            Demand.Near(Math.Round(bars), bars, 1e-6, "whole bars of two seconds");
        }

        public static void EveryStepIsAcknowledgedInOrder()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.Bar));
            rehearsal.Run(10.0);
            Same("1 Queued, 1 Started, 1 Done", rehearsal.Stage);
        }

        public static void PowerStaysEvenThroughATransition()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.Bar));
            for (var frame = 0; frame < 600; frame++)
            {
                rehearsal.Step(Frame);
                var power = 0.0;
                for (var deck = 0; deck < 2; deck++)
                {
                    power += Math.Pow(rehearsal.Conductor.Gain(deck, rehearsal.Now), 2.0);
                }
                Demand.Near(1.0, power, 1e-5, "power");
            }
        }

        public static void ACutIsLoudAtOnce()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            var request = Request(1, Quadrant.Tense, Quantise.Bar);
            request.Transition = Transition.Cut;
            rehearsal.Take(request);
            rehearsal.Run(4.2);
            Demand.Equal(2, rehearsal.Stage.Starts.Count, "starts");
            Demand.Near(1.0, rehearsal.Conductor.Gain(rehearsal.Stage.Starts[1].Deck, rehearsal.Now), 0.0, "gain before the start");
            Demand.Near(rehearsal.Stage.Starts[1].At, rehearsal.Stage.Stops[0], 1e-9, "end of the old");
        }

        public static void ANewerRequestTakesThePlaceOfOneThatWaits()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.EightBars));
            rehearsal.Take(Request(2, Quadrant.Sad, Quantise.Bar));
            rehearsal.Run(30.0);
            Same("1 Queued, 2 Queued, 2 Started, 2 Done", rehearsal.Stage);
            Demand.Equal(2, rehearsal.Stage.Starts.Count, "starts");
        }

        public static void AnAskOfTheGameAnswersTheRequestWhosePlaceItTakes()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.EightBars));
            rehearsal.Take(Request(0, Quadrant.Sad, Quantise.Bar));
            rehearsal.Run(30.0);
            Same("1 Queued, 1 Rejected, 0 Queued, 0 Started, 0 Done", rehearsal.Stage);
        }

        public static void MusicThatEndsAnswersWhatIsOpen()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.Now));
            rehearsal.Run(3.5);
            rehearsal.Take(Request(2, Quadrant.Sad, Quantise.EightBars));
            rehearsal.Conductor.End();
            Same("1 Queued, 1 Started, 2 Queued, 1 Done, 2 Rejected", rehearsal.Stage);
        }

        public static void ACancelledRequestNeverBegins()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.EightBars));
            Demand.That(!rehearsal.Conductor.Cancel(2), "another was taken back");
            Demand.That(rehearsal.Conductor.Cancel(1), "it could not be taken back");
            rehearsal.Run(40.0);
            Same("1 Queued", rehearsal.Stage);
        }

        public static void ARequestThatCannotBeginInTimeExpires()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(2.5);
            var request = Request(1, Quadrant.Tense, Quantise.EightBars);
            request.DeadlineSeconds = 2f;
            rehearsal.Take(request);
            rehearsal.Run(40.0);
            Same("1 Expired", rehearsal.Stage);
        }

        public static void WhatIsNotThereIsRejected()
        {
            var stage = new Stage();
            var conductor = new Conductor(new Score(), new Section(), stage);
            conductor.Begin(-1, 0.0);
            conductor.Take(Request(1, Quadrant.Tense, Quantise.Bar), 1.0);
            var stinger = Request(2, Quadrant.Tense, Quantise.Beat);
            stinger.Transition = Transition.Stinger;
            conductor.Take(stinger, 1.0);
            Same("1 Rejected, 2 Rejected", stage);
        }

        public static void LayersTurnOnTheBarWhereThereAreNoSections()
        {
            var stage = new Stage { HasLayers = true };
            var conductor = new Conductor(new Score(), new Section(), stage);
            conductor.Begin(-1, 0.0);
            conductor.Take(Request(1, Quadrant.Tense, Quantise.Bar), 1.0);
            Demand.Near(2.0, conductor.WaitingUntil, 1e-9, "the bar");
            for (var now = 1.0; now < 5.0; now += Frame)
            {
                conductor.Update(now);
            }
            Demand.Equal(1, stage.Turns, "turns");
            Same("1 Queued, 1 Started, 1 Done", stage);
        }

        public static void AHoldKeepsOutAllButPeople()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            var holding = Request(1, Quadrant.Tense, Quantise.Bar);
            holding.HoldSeconds = 12f;
            rehearsal.Take(holding);
            rehearsal.Run(8.0);
            var began = rehearsal.Stage.Starts[1].At;
            rehearsal.Take(Request(2, Quadrant.Sad, Quantise.Bar));
            Demand.That(rehearsal.Conductor.WaitingUntil >= began + 12.0, "the hold was broken");
            var person = Request(3, Quadrant.Happy, Quantise.Bar);
            person.Reason = Reason.User;
            var askedAt = rehearsal.Take(person);
            Demand.That(rehearsal.Conductor.WaitingUntil < askedAt + 2.5, "a person had to wait");
        }

        public static void AFrameThatComesTooLateWaitsForTheNextBar()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.Bar));
            var missed = rehearsal.Conductor.WaitingUntil;
            rehearsal.Step(missed - 0.5 - rehearsal.Now);
            rehearsal.Step(1.5);
            rehearsal.Run(missed + 10.0);
            Demand.Near(missed + 2.0, rehearsal.Stage.Starts[1].At, Millisecond, "start");
            Demand.That(rehearsal.Stage.Starts[1].HandedAt < rehearsal.Stage.Starts[1].At, "began in the past");
        }

        public static void NowIsWithinATenthOfASecond()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.1);
            var askedAt = rehearsal.Take(Request(1, Quadrant.Tense, Quantise.Now));
            Demand.Equal(2, rehearsal.Stage.Starts.Count, "handed on at once");
            Demand.That(rehearsal.Stage.Starts[1].At - askedAt < 0.1, "late");
        }

        public static void RequestsThatFollowEachOtherClosePlayInTurn()
        {
            var random = new Random(3);
            var rehearsal = new Rehearsal(120.0, 4);
            var id = 0;
            for (var step = 0; step < 3000; step++)
            {
                rehearsal.Step(Frame);
                if (random.Next(30) == 0)
                {
                    var quantise = (Quantise)random.Next(8);
                    rehearsal.Take(Request(++id, (Quadrant)random.Next(1, 5), quantise));
                }
            }
            var starts = rehearsal.Stage.Starts;
            Demand.That(starts.Count > 5, "only " + starts.Count + " sections played");
            for (var i = 1; i < starts.Count; i++)
            {
                Demand.That(starts[i].At >= starts[i - 1].At, "order");
                Demand.That(starts[i].Deck != starts[i - 1].Deck, "a deck was taken that still sounds");
                Demand.That(i < 2 || starts[i].HandedAt >= rehearsal.Stage.Stops[i - 2], "a deck was taken before it was free");
            }
        }

        public static void AfterAPauseTheGridMovesOn()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Run(3.0);
            rehearsal.Conductor.Shift(0.7);
            rehearsal.Take(Request(1, Quadrant.Tense, Quantise.Bar));
            var bars = (rehearsal.Conductor.WaitingUntil - FirstStart - 0.7) / 2.0;
            Demand.Near(Math.Round(bars), bars, 1e-6, "bars since the shifted start");
        }

        public static void AStingerAndADuckLeaveTheSectionAlone()
        {
            var rehearsal = new Rehearsal(120.0, 4);
            rehearsal.Stage.IsStruck = true;
            rehearsal.Run(3.0);
            var stinger = Request(1, Quadrant.Tense, Quantise.Beat);
            stinger.Transition = Transition.Stinger;
            rehearsal.Take(stinger);
            rehearsal.Run(6.0);
            var duck = Request(2, Quadrant.Tense, Quantise.Beat);
            duck.Transition = Transition.Duck;
            rehearsal.Take(duck);
            rehearsal.Run(12.0);
            Demand.Equal(1, rehearsal.Stage.Starts.Count, "sections");
            var beats = (rehearsal.Stage.Strikes[0] - FirstStart) / 0.5;
            Demand.Near(Math.Round(beats), beats, 1e-6, "beats until the stinger");
            Demand.Equal(1, rehearsal.Stage.Ducks.Count, "ducks");
            Same("1 Queued, 1 Started, 1 Done, 2 Queued, 2 Started, 2 Done", rehearsal.Stage);
        }

        static void Same(string expected, Stage stage)
        {
            Demand.Equal(expected, string.Join(", ", stage.Acks.ToArray()), "acknowledgements");
        }
    }
}
