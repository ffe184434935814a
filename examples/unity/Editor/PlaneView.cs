using UnityEditor;
using UnityEngine;

namespace Oscbridge.Editor
{
    /// <summary>The valence-arousal plane in an inspector or a window.</summary>
    static class PlaneView
    {
        const float PointSize = 8f;

        static readonly Color background = new Color(0f, 0f, 0f, 0.25f);
        static readonly Color axis = new Color(1f, 1f, 1f, 0.3f);

        /// <summary>Draw the plane with the music's point, and the player's where it is known.</summary>
        public static void Draw(AffectState state, float height)
        {
            var area = GUILayoutUtility.GetRect(height, height);
            var side = Mathf.Min(area.width, area.height);
            var square = new Rect(area.x + (area.width - side) * 0.5f, area.y, side, side);
            EditorGUI.DrawRect(square, background);
            EditorGUI.DrawRect(new Rect(square.x, square.y + side * 0.5f, side, 1f), axis);
            EditorGUI.DrawRect(new Rect(square.x + side * 0.5f, square.y, 1f, side), axis);
            Label(square, 0f, 0f, "tense");
            Label(square, 0.5f, 0f, "happy");
            Label(square, 0f, 0.9f, "sad");
            Label(square, 0.5f, 0.9f, "relaxed");
            if (state.PlayerConfidence > 0f)
            {
                Point(square, state.PlayerValence, state.PlayerArousal, Color.magenta);
            }
            Point(square, state.Valence, state.Arousal, Color.cyan);
        }

        static void Label(Rect square, float x, float y, string text)
        {
            var side = square.width;
            EditorGUI.LabelField(
                new Rect(square.x + x * side + 2f, square.y + y * side, side * 0.5f, 16f), text, EditorStyles.miniLabel);
        }

        static void Point(Rect square, float valence, float arousal, Color colour)
        {
            var x = square.x + (valence + 1f) * 0.5f * square.width - PointSize * 0.5f;
            var y = square.y + (1f - arousal) * 0.5f * square.height - PointSize * 0.5f;
            EditorGUI.DrawRect(new Rect(x, y, PointSize, PointSize), colour);
        }
    }
}
