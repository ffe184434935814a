using System.Collections.Generic;
using UnityEngine;

namespace Oscbridge
{
    /// <summary>
    /// The connection over the running game, for builds on devices: packets a second, who sends, what
    /// is wrong and what to try, and a test pattern. Shown in development builds and in the editor; it
    /// costs a little garbage while it is unfolded.
    /// </summary>
    [AddComponentMenu("oscbridge/Connection Doctor")]
    public sealed class ConnectionDoctor : MonoBehaviour
    {
        const float RefreshSeconds = 0.5f;
        const int Width = 460;
        const int FoldedWidth = 120;

        [Tooltip("Empty: the client of the scene.")]
        [SerializeField] OscbridgeClient client = null;

        [SerializeField] bool unfolded = true;

        [Tooltip("Also in builds that are no development builds.")]
        [SerializeField] bool inReleaseBuilds = false;

        readonly List<string> lines = new List<string>();
        LinkHealth health = LinkHealth.Waiting;
        float sinceRefresh = RefreshSeconds;

        /// <summary>The newest verdict, then reasons.</summary>
        public IList<string> Lines { get { return lines; } }

        public LinkHealth Health { get { return health; } }

        public bool Unfolded { get { return unfolded; } set { unfolded = value; } }

        void Update()
        {
            var source = Source();
            if (source != null && source.Bridge != null)
            {
                source.Bridge.NamesSender = unfolded;
            }
            if (source == null || !unfolded)
            {
                return;
            }
            sinceRefresh += Time.unscaledDeltaTime;
            if (sinceRefresh >= RefreshSeconds)
            {
                sinceRefresh = 0f;
                health = source.Explain(lines);
            }
        }

        void OnDisable()
        {
            var source = Source();
            if (source != null && source.Bridge != null)
            {
                source.Bridge.NamesSender = false;
            }
        }

        void OnGUI()
        {
            if (!inReleaseBuilds && !Debug.isDebugBuild)
            {
                return;
            }
            GUILayout.BeginArea(new Rect(8f, 8f, unfolded ? Width : FoldedWidth, Screen.height - 16f));
            GUILayout.BeginVertical(GUI.skin.box);
            if (GUILayout.Button(unfolded ? "oscbridge: hide" : "oscbridge"))
            {
                unfolded = !unfolded;
            }
            if (unfolded)
            {
                DrawLines();
                DrawTests();
            }
            GUILayout.EndVertical();
            GUILayout.EndArea();
        }

        void DrawLines()
        {
            var before = GUI.color;
            GUI.color = ColourOf(health);
            for (var i = 0; i < lines.Count; i++)
            {
                GUILayout.Label(lines[i]);
                GUI.color = before;
            }
        }

        void DrawTests()
        {
            var source = Source();
            if (source == null || source.Voice == null)
            {
                return;
            }
            if (OverlayInput.Advice.Length > 0)
            {
                GUILayout.Label(OverlayInput.Advice);
                return;
            }
            GUILayout.BeginHorizontal();
            if (GUILayout.Button("Sweep"))
            {
                source.Voice.Test("sweep");
            }
            if (GUILayout.Button("Quadrants"))
            {
                source.Voice.Test("quadrants");
            }
            if (GUILayout.Button("Request"))
            {
                source.Voice.Test("request");
            }
            GUILayout.EndHorizontal();
        }

        OscbridgeClient Source()
        {
            return client != null ? client : OscbridgeClient.Active;
        }

        static Color ColourOf(LinkHealth health)
        {
            switch (health)
            {
                case LinkHealth.Good:
                    return Color.green;
                case LinkHealth.Bad:
                    return new Color(1f, 0.5f, 0.4f);
                default:
                    return Color.yellow;
            }
        }
    }
}
