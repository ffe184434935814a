using System;

namespace Oscbridge.Checks
{
    public static class MusicChecks
    {
        public static void AGridDoesNotDriftInADay()
        {
            var grid = new BarGrid(12.5, 137.0, 7);
            var bar = 28800L;
            Demand.Near(12.5 + bar * 7.0 * 60.0 / 137.0, grid.AtBeat(bar * 7.0), 1e-6, "bar 28800");
            Demand.Near(grid.AtBeat(bar * 7.0), grid.NextMultiple(grid.AtBeat(bar * 7.0) - 1.0, 7.0), 1e-6, "next bar");
        }

        public static void AnInstantOnTheBarIsThatBar()
        {
            var grid = new BarGrid(0.0, 120.0, 4);
            Demand.Near(2.0, grid.NextMultiple(2.0, 4.0), 1e-9, "on the bar");
            Demand.Near(4.0, grid.NextMultiple(2.001, 4.0), 1e-9, "just after it");
            Demand.Near(0.0, grid.NextMultiple(-3.0, 4.0), 1e-9, "before the music");
        }

        public static void CuesComeRoundWithTheLoop()
        {
            var section = new Section { Bars = 4, CueBars = new[] { 1, 3 } };
            Demand.Near(2.0, section.NextPoint(0.0, 0.5, Quantise.Cue), 1e-9, "bar 1");
            Demand.Near(6.0, section.NextPoint(0.0, 2.5, Quantise.Cue), 1e-9, "bar 3");
            Demand.Near(10.0, section.NextPoint(0.0, 6.5, Quantise.Cue), 1e-9, "bar 1 of the next round");
            Demand.Near(8.0, section.NextPoint(0.0, 6.5, Quantise.End), 1e-9, "end of the loop");
        }

        public static void AFadeKeepsItsPower()
        {
            var fade = new Fade(10.0, 3.0);
            for (var now = 9.0; now < 14.0; now += 0.01)
            {
                var power = Math.Pow(fade.In(now), 2.0) + Math.Pow(fade.Out(now), 2.0);
                Demand.Near(1.0, power, 1e-6, "power at " + now);
            }
            Demand.Near(Math.Sqrt(0.5), fade.In(11.5), 1e-6, "half-way, -3 dB");
            Demand.Near(1.0, new Fade(1.0, 0.0).In(1.0), 0.0, "a fade of no length");
        }

        public static void LayersKeepTheirPowerWhateverTheyCrossTo()
        {
            var random = new Random(5);
            var mix = new LayerMix(5);
            Aim(mix, random);
            mix.Begin(0.0, 0.0);
            mix.Update(0.0);
            for (var now = 0.0; now < 60.0; now += 1.0 / 60.0)
            {
                if (random.Next(40) == 0)
                {
                    Aim(mix, random);
                    mix.Begin(now, 2.0 * random.NextDouble());
                }
                mix.Update(now);
                Demand.Near(1.0, PowerOf(mix), 1e-5, "power at " + now);
            }
        }

        public static void TwoLayersCrossBySineAndCosine()
        {
            var mix = new LayerMix(2);
            mix.SetTarget(0, 1f);
            mix.Begin(0.0, 0.0);
            mix.Update(0.0);
            mix.SetTarget(0, 0f);
            mix.SetTarget(1, 1f);
            mix.Begin(1.0, 4.0);
            for (var share = 0.0; share <= 1.0; share += 0.125)
            {
                mix.Update(1.0 + 4.0 * share);
                Demand.Near(Math.Cos(share * Math.PI / 2.0), mix.Volume(0), 1e-5, "what goes");
                Demand.Near(Math.Sin(share * Math.PI / 2.0), mix.Volume(1), 1e-5, "what comes");
            }
        }

        public static void LayersThatFollowKeepTheirPowerToo()
        {
            var random = new Random(6);
            var mix = new LayerMix(4);
            Aim(mix, random);
            mix.Begin(0.0, 0.0);
            mix.Update(0.0);
            for (var frame = 0; frame < 2000; frame++)
            {
                if (frame % 20 == 0)
                {
                    Aim(mix, random);
                }
                mix.Follow(1.0 / 60.0, 0.5);
                Demand.Near(1.0, PowerOf(mix), 1e-5, "power of frame " + frame);
            }
        }

        public static void SharesOfThePlaneSumToOne()
        {
            for (var valence = -1f; valence <= 1f; valence += 0.125f)
            {
                for (var arousal = -1f; arousal <= 1f; arousal += 0.125f)
                {
                    var sum = 0f;
                    for (var quadrant = Quadrant.Happy; quadrant <= Quadrant.Relaxed; quadrant++)
                    {
                        sum += AffectPlane.ShareOf(quadrant, valence, arousal);
                    }
                    Demand.Near(1.0, sum, 1e-6, "sum");
                }
            }
            Demand.Near(1.0, AffectPlane.ShareOf(Quadrant.Tense, -1f, 1f), 0.0, "in its corner");
        }

        public static void APointOfAQuadrantLiesInIt()
        {
            for (var quadrant = Quadrant.Happy; quadrant <= Quadrant.Relaxed; quadrant++)
            {
                float valence, arousal;
                AffectPlane.PointOf(quadrant, 0.5f, out valence, out arousal);
                Demand.Equal(quadrant, AffectPlane.QuadrantOf(valence, arousal), "quadrant");
            }
        }

        public static void AFlickeringPointDoesNotMoveTheGate()
        {
            var gate = new QuadrantGate { Hysteresis = 0.1f, DwellSeconds = 0.0 };
            Demand.That(gate.Update(0.5f, 0.5f, 0.0), "the first quadrant");
            for (var frame = 1; frame < 1000; frame++)
            {
                var flicker = frame % 2 == 0 ? 0.09f : -0.09f;
                Demand.That(!gate.Update(flicker, flicker, frame), "moved by flicker");
            }
            Demand.That(gate.Update(-0.11f, 0.5f, 1000.0), "a true change");
            Demand.Equal(Quadrant.Tense, gate.Quadrant, "quadrant");
        }

        public static void TheGateStaysForItsDwell()
        {
            var gate = new QuadrantGate { Hysteresis = 0.1f, DwellSeconds = 8.0 };
            var random = new Random(1);
            var changed = double.NegativeInfinity;
            for (var now = 0.0; now < 300.0; now += 0.05)
            {
                if (gate.Update((float)(2.0 * random.NextDouble() - 1.0), (float)(2.0 * random.NextDouble() - 1.0), now))
                {
                    Demand.That(now - changed >= 8.0 - 1e-9, "left after " + (now - changed) + " s");
                    changed = now;
                }
            }
        }

        public static void ACooldownHolds()
        {
            var cooldown = default(Cooldown);
            Demand.That(cooldown.Take(5.0, 8.0), "the first");
            Demand.That(!cooldown.Take(12.9, 8.0), "too soon");
            Demand.That(cooldown.Take(13.0, 8.0), "after it");
        }

        public static void DuckingGoesDownAndComesBack()
        {
            var ducking = default(Ducking);
            Demand.Near(1.0, ducking.Gain(3.0), 0.0, "before any");
            ducking.Begin(10.0, 1.0, 4.0, 12.0);
            Demand.Near(1.0, ducking.Gain(9.9), 1e-6, "before it");
            Demand.Near(Math.Pow(10.0, -12.0 / 20.0), ducking.Gain(13.0), 1e-6, "-12 dB");
            Demand.Near(1.0, ducking.Gain(16.0), 1e-6, "after it");
        }

        public static void BeatsCountOnThroughSections()
        {
            var counter = new PulseCounter();
            var first = new BarGrid(1.0, 120.0, 4);
            var second = new BarGrid(1.0 + 6.0, 90.0, 3);
            var beats = 0;
            for (var now = 0.0; now < 15.0; now += 0.01)
            {
                beats += counter.Update(now < 7.0 ? first : second, now) ? 1 : 0;
                Demand.That(now < 1.0 || counter.Beat == beats - 1, "a beat was left out at " + now);
            }
            Demand.Equal(12 + 12, beats, "beats");
            Demand.Equal(3 + 3, counter.Bar, "bars");
        }

        public static void BlowsFadeAndStayWithinTheRange()
        {
            var feeling = new PlayerFeeling { RestingArousal = -0.25f };
            feeling.Feel(-0.5f, 1f, 2f);
            feeling.Update(2.0);
            Demand.Near(-0.5 * Math.Exp(-1.0), feeling.Valence, 1e-6, "valence after one time constant");
            Demand.Near(-0.25 + Math.Exp(-1.0), feeling.Arousal, 1e-6, "arousal after one time constant");
            for (var i = 0; i < 100; i++)
            {
                feeling.Feel(-1f, 1f, 10f);
            }
            feeling.Update(0.01);
            Demand.Near(-1.0, feeling.Valence, 0.0, "valence");
            Demand.Near(1.0, feeling.Arousal, 0.0, "arousal");
        }

        public static void BusyHandsAreExcited()
        {
            var hands = default(InputActivity);
            Demand.Near(-1.0, hands.Arousal(5.0), 0.0, "hands at rest");
            for (var frame = 0; frame < 3600; frame++)
            {
                hands.Update(1.0 / 60.0, 4.0);
                if (frame % 12 == 0)
                {
                    hands.Press(4.0);
                }
            }
            Demand.Near(1.0, hands.Arousal(5.0), 0.06, "five presses a second");
        }

        static void Aim(LayerMix mix, Random random)
        {
            var power = new double[mix.Count];
            var sum = 0.0;
            for (var i = 0; i < power.Length; i++)
            {
                power[i] = random.NextDouble();
                sum += power[i];
            }
            for (var i = 0; i < power.Length; i++)
            {
                mix.SetTarget(i, (float)Math.Sqrt(power[i] / sum));
            }
        }

        static double PowerOf(LayerMix mix)
        {
            var power = 0.0;
            for (var i = 0; i < mix.Count; i++)
            {
                power += Math.Pow(mix.Volume(i), 2.0);
            }
            return power;
        }
    }
}
