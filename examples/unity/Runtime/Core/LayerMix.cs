using System;

namespace Oscbridge
{
    /// <summary>
    /// Volumes of layers that play together. What moves is the power of each (its volume squared), all
    /// on the same curve, so that the sum of powers stays what it was at both ends of a fade, for
    /// any number of layers; for two of them the volumes are sine and cosine.
    /// </summary>
    public sealed class LayerMix
    {
        readonly double[] power;
        readonly double[] from;
        readonly double[] target;
        Fade fade;
        bool isFading;

        public LayerMix(int layers)
        {
            power = new double[layers];
            from = new double[layers];
            target = new double[layers];
        }

        public int Count { get { return power.Length; } }

        public bool IsFading { get { return isFading; } }

        /// <summary>The volume that a layer is on its way to.</summary>
        public void SetTarget(int layer, float volume)
        {
            target[layer] = Math.Min(Math.Max(volume, 0f), 1f);
            target[layer] *= target[layer];
        }

        /// <summary>Go to the targets within so many seconds from <paramref name="start"/>.</summary>
        public void Begin(double start, double seconds)
        {
            Array.Copy(power, from, power.Length);
            fade = new Fade(start, seconds);
            isFading = true;
        }

        /// <summary>Let a fade go on.</summary>
        public void Update(double now)
        {
            if (!isFading)
            {
                return;
            }
            var sine = Math.Sin(fade.Progress(now) * Math.PI * 0.5);
            var share = sine * sine;
            for (var i = 0; i < power.Length; i++)
            {
                power[i] = from[i] + (target[i] - from[i]) * share;
            }
            isFading = now < fade.End;
        }

        /// <summary>Follow targets that move all the time, with a time constant; ends a fade.</summary>
        public void Follow(double elapsed, double timeConstant)
        {
            isFading = false;
            var share = timeConstant <= 0.0 ? 1.0 : 1.0 - Math.Exp(-elapsed / timeConstant);
            for (var i = 0; i < power.Length; i++)
            {
                power[i] += (target[i] - power[i]) * share;
            }
        }

        /// <summary>The volume of a layer now, 0..1.</summary>
        public float Volume(int layer)
        {
            return (float)Math.Sqrt(Math.Max(0.0, power[layer]));
        }
    }
}
