using UnityEditor;
using UnityEngine;

namespace Oscbridge.Editor
{
    /// <summary>Five volumes, four of them where their quadrants lie in the plane.</summary>
    [CustomPropertyDrawer(typeof(QuadrantWeights))]
    sealed class QuadrantWeightsDrawer : PropertyDrawer
    {
        const int Rows = 4;

        public override float GetPropertyHeight(SerializedProperty property, GUIContent label)
        {
            return Rows * (EditorGUIUtility.singleLineHeight + EditorGUIUtility.standardVerticalSpacing);
        }

        public override void OnGUI(Rect position, SerializedProperty property, GUIContent label)
        {
            EditorGUI.BeginProperty(position, label, property);
            var line = EditorGUIUtility.singleLineHeight;
            var step = line + EditorGUIUtility.standardVerticalSpacing;
            var half = position.width * 0.5f;
            EditorGUI.LabelField(new Rect(position.x, position.y, position.width, line), label);
            DrawWeight(new Rect(position.x, position.y + step, half, line), property, "Tense");
            DrawWeight(new Rect(position.x + half, position.y + step, half, line), property, "Happy");
            DrawWeight(new Rect(position.x, position.y + 2f * step, half, line), property, "Sad");
            DrawWeight(new Rect(position.x + half, position.y + 2f * step, half, line), property, "Relaxed");
            DrawWeight(new Rect(position.x, position.y + 3f * step, position.width, line), property, "Unknown");
            EditorGUI.EndProperty();
        }

        static void DrawWeight(Rect position, SerializedProperty property, string name)
        {
            var weight = property.FindPropertyRelative(name);
            var before = EditorGUIUtility.labelWidth;
            EditorGUIUtility.labelWidth = 64f;
            EditorGUI.BeginProperty(position, GUIContent.none, weight);
            EditorGUI.BeginChangeCheck();
            var chosen = EditorGUI.Slider(position, name, weight.floatValue, 0f, 1f);
            // Written only where somebody moved it: several objects may be selected, each with its own.
            if (EditorGUI.EndChangeCheck())
            {
                weight.floatValue = chosen;
            }
            EditorGUI.EndProperty();
            EditorGUIUtility.labelWidth = before;
        }
    }
}
