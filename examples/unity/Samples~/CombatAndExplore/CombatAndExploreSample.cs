using UnityEngine;

namespace Oscbridge.Samples
{
    /// <summary>
    /// Music that follows: four sections that change on the bar, drums and shimmer as layers, a stinger
    /// when the quadrant changes. Add it to an empty object and press Play; the buttons ask for other
    /// music, and so does oscbridge: "oscbridge request make -0.6 0.7". All music was made by
    /// Tools~/make_stems.py and may be used freely.
    /// </summary>
    [AddComponentMenu("oscbridge/Samples/Combat and Explore")]
    public sealed class CombatAndExploreSample : MonoBehaviour
    {
        const string Folder = "oscbridge/";

        AdaptiveMusicController music;

        /// <summary>What the buttons and a scene of your own may ask for.</summary>
        public AdaptiveMusicController Music { get { return music; } }

        void Awake()
        {
            OscbridgeClient.FindOrCreate();
            music = gameObject.AddComponent<AdaptiveMusicController>();
            music.BeatsPerMinute = 120f;
            music.FirstQuadrant = Quadrant.Relaxed;
            music.Sections = new[]
            {
                Section("explore", Quadrant.Relaxed),
                Section("combat", Quadrant.Tense),
                Section("ruin", Quadrant.Sad),
                Section("village", Quadrant.Happy),
            };
            music.Layers = new[]
            {
                Layer("drums", new QuadrantWeights(0f, 0.6f, 1f, 0f, 0f)),
                Layer("shimmer", new QuadrantWeights(0.5f, 0.2f, 0f, 0.8f, 1f)),
            };
            music.Stingers = new[]
            {
                new MusicStinger
                {
                    Name = "hit",
                    Clip = Load("stinger"),
                    Cause = StingerCause.QuadrantEntered,
                    Quadrant = Quadrant.Tense,
                    CooldownSeconds = 16f,
                    Volume = 0.7f,
                },
                new MusicStinger { Name = "on request", Clip = Load("stinger"), Volume = 0.7f },
            };
        }

        void OnGUI()
        {
            GUILayout.BeginArea(new Rect(Screen.width - 170f, 8f, 160f, 200f));
            for (var i = 0; i < music.Sections.Length; i++)
            {
                if (GUILayout.Button(music.Sections[i].Name))
                {
                    music.Ask(music.Sections[i].Quadrant);
                }
            }
            if (OverlayInput.Advice.Length > 0)
            {
                GUILayout.Label(OverlayInput.Advice);
            }
            GUILayout.Label(music.Conductor != null && music.Conductor.IsWaiting ? "waiting for the bar" : "");
            GUILayout.EndArea();
        }

        static MusicSection Section(string name, Quadrant quadrant)
        {
            return new MusicSection { Name = name, Quadrant = quadrant, Clip = Load(name), Volume = 0.8f };
        }

        static MusicLayer Layer(string name, QuadrantWeights volumes)
        {
            return new MusicLayer { Name = name, Clip = Load(name), Volumes = volumes };
        }

        static AudioClip Load(string name)
        {
            return Resources.Load<AudioClip>(Folder + name);
        }
    }
}
