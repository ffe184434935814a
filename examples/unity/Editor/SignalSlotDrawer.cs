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
            signal.intValue = EditorGUI.IntPopup(left, signal.intValue, names, numbers);
            argument.intValue = DrawArgument(right, Signals.Of((Signal)signal.intValue), argument.intValue);
            EditorGUI.EndProperty();
        }

        static int DrawArgument(Rect position, SignalInfo info, int argument)
        {
            if (info == null)
            {
                return 0;
            }
            var choices = new string[info.Arguments.Length];
            for (var i = 0; i < choices.Length; i++)
            {
                choices[i] = Describe(info.Arguments[i]);
            }
            return Mathf.Clamp(EditorGUI.Popup(position, argument, choices), 0, Mathf.Max(0, choices.Length - 1));
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
