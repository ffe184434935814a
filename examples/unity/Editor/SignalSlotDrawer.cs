using UnityEditor;
using UnityEngine;

namespace Oscbridge.Editor
{
    /// <summary>A signal by its address, and which of its numbers, with the range that it has.</summary>
    [CustomPropertyDrawer(typeof(SignalSlot))]
    sealed class SignalSlotDrawer : PropertyDrawer
    {
        const float ArgumentShare = 0.35f;

        static readonly string[] names = new string[Signals.Count];
        static readonly int[] numbers = new int[Signals.Count];

        static SignalSlotDrawer()
        {
            for (var row = 0; row < Signals.Count; row++)
            {
                names[row] = Signals.At(row).Name;
                numbers[row] = (int)Signals.At(row).Signal;
            }
        }

        public override void OnGUI(Rect position, SerializedProperty property, GUIContent label)
        {
            var signal = property.FindPropertyRelative("Signal");
            var argument = property.FindPropertyRelative("Argument");
            EditorGUI.BeginProperty(position, label, property);
            position = EditorGUI.PrefixLabel(position, label);
            var left = new Rect(position.x, position.y, position.width * (1f - ArgumentShare) - 4f, position.height);
            var right = new Rect(left.xMax + 4f, position.y, position.width * ArgumentShare, position.height);
            EditorGUI.BeginProperty(left, GUIContent.none, signal);
            EditorGUI.BeginChangeCheck();
            var chosen = EditorGUI.IntPopup(left, signal.intValue, names, numbers);
            // Written only where somebody chose: several bindings may be selected, each with its own.
            if (EditorGUI.EndChangeCheck())
            {
                signal.intValue = chosen;
                argument.intValue = 0;
            }
            EditorGUI.EndProperty();
            DrawArgument(right, Signals.Of((Signal)signal.intValue), argument);
            EditorGUI.EndProperty();
        }

        static void DrawArgument(Rect position, SignalInfo info, SerializedProperty argument)
        {
            if (info == null)
            {
                return;
            }
            var choices = new string[info.Arguments.Length];
            for (var i = 0; i < choices.Length; i++)
            {
                choices[i] = Describe(info.Arguments[i]);
            }
            EditorGUI.BeginProperty(position, GUIContent.none, argument);
            EditorGUI.BeginChangeCheck();
            var chosen = EditorGUI.Popup(position, argument.intValue, choices);
            if (EditorGUI.EndChangeCheck())
            {
                argument.intValue = chosen;
            }
            EditorGUI.EndProperty();
        }

        static string Describe(SignalArgument argument)
        {
            if (!argument.IsNumber)
            {
                return argument.Name + " (text)";
            }
            return argument.IsBounded
                ? argument.Name + " " + argument.Low + "…" + argument.High : argument.Name;
        }
    }
}
