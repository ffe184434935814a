using System.Collections.Generic;

namespace Oscbridge
{
    /// <summary>How well a label of the user's own fits what plays.</summary>
    public struct LabelWeight
    {
        /// <summary>The label as it stands in addresses: lower case, without accents and spaces.</summary>
        public string Slug;
        /// <summary>0 not at all .. 1 quite; several labels may fit at once.</summary>
        public float Weight;
    }

    /// <summary>
    /// The newest weights of the user's own labels, which oscbridge tells where it was started with
    /// <c>--also label</c>. Allocates nothing for labels that it knows.
    /// </summary>
    public sealed class LabelWeights
    {
        /// <summary>More labels than this are not kept.</summary>
        const int Most = 256;

        readonly Dictionary<string, float> weights = new Dictionary<string, float>();

        /// <summary>Whether anything was heard of a label.</summary>
        public bool Knows(string slug)
        {
            return weights.ContainsKey(slug);
        }

        /// <summary>The newest weight of a label; 0 before the first.</summary>
        public float Of(string slug)
        {
            float weight;
            return weights.TryGetValue(slug, out weight) ? weight : 0f;
        }

        internal void Put(LabelWeight heard)
        {
            if (weights.Count < Most || Knows(heard.Slug))
            {
                weights[heard.Slug] = heard.Weight;
            }
        }

        /// <summary>A label is no more.</summary>
        internal void Forget(string slug)
        {
            weights.Remove(slug);
        }

        internal void Clear()
        {
            weights.Clear();
        }
    }
}
