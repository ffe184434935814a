using UnityEngine;

namespace Oscbridge.Samples
{
    /// <summary>
    /// Buttons for a performer: say how you feel, mark a new section, hold everything, or force a
    /// quadrant to try a scene without music. Add it to an empty object, start "oscbridge run", press
    /// Play.
    /// </summary>
    [AddComponentMenu("oscbridge/Samples/Performer")]
    public sealed class PerformerSample : MonoBehaviour
    {
        const float OverrideSeconds = 8f;

        [Tooltip("Your words for the four quadrants, in their order: happy, tense, sad, relaxed.")]
        [SerializeField] string[] labels = { "happy", "tense", "sad", "relaxed" };

        bool isFrozen;

        void Start()
        {
            OscbridgeClient.FindOrCreate();
        }

        void OnGUI()
        {
            var client = OscbridgeClient.Active;
            if (client == null || client.Voice == null)
            {
                return;
            }
            GUILayout.BeginArea(new Rect(8f, Screen.height - 150f, Screen.width - 16f, 142f));
            GUILayout.Label("the music: " + client.State.Label + "   you: " + client.Text(Signal.PlayerSource));
            if (OverlayInput.Advice.Length > 0)
            {
                GUILayout.Label(OverlayInput.Advice);
            }
            DrawFeelings(client.Voice);
            DrawForces(client.Voice);
            DrawHolds(client.Voice);
            GUILayout.EndArea();
        }

        void DrawFeelings(BridgeVoice voice)
        {
            GUILayout.BeginHorizontal();
            for (var i = 0; i < labels.Length; i++)
            {
                if (GUILayout.Button("I feel " + labels[i]))
                {
                    voice.Emotion(labels[i], 1f);
                }
            }
            GUILayout.EndHorizontal();
        }

        void DrawForces(BridgeVoice voice)
        {
            GUILayout.BeginHorizontal();
            for (var quadrant = Quadrant.Happy; quadrant <= Quadrant.Relaxed; quadrant++)
            {
                if (GUILayout.Button("force " + labels[(int)quadrant - 1]))
                {
                    float valence, arousal;
                    AffectPlane.PointOf(quadrant, 0.7f, out valence, out arousal);
                    voice.Override(valence, arousal, OverrideSeconds);
                }
            }
            GUILayout.EndHorizontal();
        }

        void DrawHolds(BridgeVoice voice)
        {
            GUILayout.BeginHorizontal();
            if (GUILayout.Button("new section"))
            {
                voice.MarkSegment("");
            }
            if (GUILayout.Button(isFrozen ? "go on" : "hold everything"))
            {
                isFrozen = !isFrozen;
                voice.Freeze(isFrozen);
            }
            if (GUILayout.Button("test sweep"))
            {
                voice.Test("sweep");
            }
            GUILayout.EndHorizontal();
        }
    }
}
