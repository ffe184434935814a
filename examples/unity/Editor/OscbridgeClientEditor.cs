using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace Oscbridge.Editor
{
    /// <summary>The client's settings, how the connection is, and the plane while it runs.</summary>
    [CustomEditor(typeof(OscbridgeClient))]
    sealed class OscbridgeClientEditor : UnityEditor.Editor
    {
        readonly List<string> lines = new List<string>();

        public override bool RequiresConstantRepaint()
        {
            return Application.isPlaying;
        }

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            var client = (OscbridgeClient)target;
            if (!Application.isPlaying)
            {
                EditorGUILayout.HelpBox("Start  oscbridge demo  in a terminal, then press Play.", MessageType.Info);
                return;
            }
            var health = client.Explain(lines);
            EditorGUILayout.HelpBox(string.Join("\n", lines.ToArray()), IconOf(health));
            PlaneView.Draw(client.State, 140f);
            if (GUILayout.Button("Reconnect"))
            {
                client.Reconnect();
            }
        }

        internal static MessageType IconOf(LinkHealth health)
        {
            switch (health)
            {
                case LinkHealth.Bad:
                    return MessageType.Warning;
                default:
                    return MessageType.Info;
            }
        }
    }
}
