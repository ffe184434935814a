using UnityEngine;
using UnityEngine.Audio;

namespace Oscbridge
{
    /// <summary>
    /// Audio sources of adaptive music: two decks for sections, one for each layer and stinger. They
    /// live on a child object; volumes are only set where they change.
    /// </summary>
    sealed class MusicSources
    {
        const int Decks = 2;
        const float DeadBand = 1e-4f;

        readonly AudioSource[] decks = new AudioSource[Decks];
        readonly AudioSource[] layers;
        readonly AudioSource[] stingers;

        public MusicSources(Transform parent, int layerCount, int stingerCount, AudioMixerGroup output)
        {
            var host = new GameObject("oscbridge music");
            host.transform.SetParent(parent, false);
            Fill(decks, host, true, output);
            layers = new AudioSource[layerCount];
            Fill(layers, host, true, output);
            stingers = new AudioSource[stingerCount];
            Fill(stingers, host, false, output);
        }

        public AudioSource Deck(int deck)
        {
            return decks[deck];
        }

        public AudioSource Layer(int layer)
        {
            return layers[layer];
        }

        public AudioSource Stinger(int stinger)
        {
            return stingers[stinger];
        }

        public static void SetVolume(AudioSource source, float volume)
        {
            if (Mathf.Abs(source.volume - volume) > DeadBand || (volume <= 0f && source.volume > 0f))
            {
                source.volume = volume;
            }
        }

        /// <summary>Let a clip begin at an instant of the sound card's clock.</summary>
        public static void Play(AudioSource source, AudioClip clip, double at, float volume)
        {
            source.Stop();
            source.clip = clip;
            source.volume = volume;
            source.PlayScheduled(at);
        }

        public void StopAll()
        {
            Stop(decks);
            Stop(layers);
            Stop(stingers);
        }

        static void Fill(AudioSource[] sources, GameObject host, bool loop, AudioMixerGroup output)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                sources[i] = host.AddComponent<AudioSource>();
                sources[i].playOnAwake = false;
                sources[i].loop = loop;
                sources[i].volume = 0f;
                sources[i].spatialBlend = 0f;
                sources[i].priority = 0;
                sources[i].outputAudioMixerGroup = output;
            }
        }

        static void Stop(AudioSource[] sources)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                if (sources[i] != null)
                {
                    sources[i].Stop();
                }
            }
        }
    }
}
