using UnityEditor;

namespace Oscbridge.Editor
{
    /// <summary>Shows of a binding what its target needs, and nothing else.</summary>
    [CustomEditor(typeof(AffectBinding))]
    [CanEditMultipleObjects]
    sealed class AffectBindingEditor : UnityEditor.Editor
    {
        public override void OnInspectorGUI()
        {
            serializedObject.Update();
            Show("client");
            Show("signal");
            Show("ownLabel");
            Show("ownInputRange");
            if (serializedObject.FindProperty("ownInputRange").boolValue)
            {
                Show("inputRange");
            }
            Show("curve");
            Show("outputRange");
            Show("smoothingSeconds");
            Show("target");
            ShowTarget((BindingTarget)serializedObject.FindProperty("target").intValue);
            Show("valueChanged");
            serializedObject.ApplyModifiedProperties();
        }

        void ShowTarget(BindingTarget target)
        {
            switch (target)
            {
                case BindingTarget.AnimatorFloat:
                    Show("animator");
                    Show("parameter");
                    break;
                case BindingTarget.MaterialFloat:
                    Show("targetRenderer");
                    Show("parameter");
                    break;
                case BindingTarget.MaterialColour:
                    Show("targetRenderer");
                    Show("parameter");
                    Show("gradient");
                    break;
                case BindingTarget.MixerParameter:
                case BindingTarget.MixerDecibels:
                    Show("mixer");
                    Show("parameter");
                    break;
                case BindingTarget.LightIntensity:
                    Show("targetLight");
                    break;
                case BindingTarget.LightColour:
                    Show("targetLight");
                    Show("gradient");
                    break;
                case BindingTarget.AudioVolume:
                    Show("audioSource");
                    break;
            }
        }

        void Show(string property)
        {
            EditorGUILayout.PropertyField(serializedObject.FindProperty(property), true);
        }
    }
}
