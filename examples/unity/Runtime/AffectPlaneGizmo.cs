using UnityEngine;

namespace Oscbridge
{
    /// <summary>Draws the valence-arousal plane into the scene view: the music's point, and the player's.</summary>
    [AddComponentMenu("oscbridge/Affect Plane Gizmo")]
    public sealed class AffectPlaneGizmo : MonoBehaviour
    {
        const float PointRadius = 0.04f;

        [Tooltip("Empty: the client of the scene.")]
        [SerializeField] OscbridgeClient client = null;

        [Tooltip("Half of the plane's side, in units of the scene.")]
        [SerializeField] float size = 1f;

        [SerializeField] Color colour = new Color(1f, 1f, 1f, 0.6f);

        /// <summary>Where a point of the plane lies in the scene.</summary>
        public Vector3 PositionOf(float valence, float arousal)
        {
            return transform.position + transform.right * (valence * size) + transform.up * (arousal * size);
        }

        void OnDrawGizmos()
        {
            Gizmos.color = colour;
            Gizmos.DrawLine(PositionOf(-1f, 0f), PositionOf(1f, 0f));
            Gizmos.DrawLine(PositionOf(0f, -1f), PositionOf(0f, 1f));
            Gizmos.DrawLine(PositionOf(-1f, -1f), PositionOf(1f, -1f));
            Gizmos.DrawLine(PositionOf(1f, -1f), PositionOf(1f, 1f));
            Gizmos.DrawLine(PositionOf(1f, 1f), PositionOf(-1f, 1f));
            Gizmos.DrawLine(PositionOf(-1f, 1f), PositionOf(-1f, -1f));
            var source = client != null ? client : OscbridgeClient.Active;
            if (source == null)
            {
                return;
            }
            var state = source.State;
            Gizmos.color = Color.cyan;
            Gizmos.DrawSphere(PositionOf(state.Valence, state.Arousal), PointRadius * size);
            Gizmos.DrawWireSphere(
                PositionOf(state.Valence, state.Arousal), PointRadius * size + (1f - state.Confidence) * 0.3f * size);
            if (state.PlayerConfidence > 0f)
            {
                Gizmos.color = Color.magenta;
                Gizmos.DrawSphere(PositionOf(state.PlayerValence, state.PlayerArousal), PointRadius * size);
            }
        }
    }
}
