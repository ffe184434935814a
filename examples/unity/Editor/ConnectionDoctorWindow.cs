using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace Oscbridge.Editor
{
    /// <summary>
    /// What comes in, from whom, and what to try where nothing does. Listens by itself while the game
    /// does not run, so that a connection can be checked before there is a scene.
    /// </summary>
    sealed class ConnectionDoctorWindow : EditorWindow
    {
        const float RepaintSeconds = 0.25f;

        readonly List<string> lines = new List<string>();
        readonly BridgeSettings settings = new BridgeSettings();
        Bridge own;
        double repaintedAt;
        Vector2 scroll;
        LinkHealth health = LinkHealth.Waiting;

        [MenuItem("Window/oscbridge/Connection Doctor")]
        static void Open()
        {
            GetWindow<ConnectionDoctorWindow>("oscbridge").Show();
        }

        void OnEnable()
        {
            EditorApplication.update += Tick;
        }

        void OnDisable()
        {
            EditorApplication.update -= Tick;
            CloseOwn();
        }

        void Tick()
        {
            var now = EditorApplication.timeSinceStartup;
            if (Application.isPlaying)
            {
                CloseOwn();
            }
            if (own != null)
            {
                own.Poll(now);
            }
            if (now - repaintedAt > RepaintSeconds)
            {
                repaintedAt = now;
                Repaint();
            }
        }

        void OnGUI()
        {
            var client = Application.isPlaying ? OscbridgeClient.Active : null;
            if (client == null)
            {
                DrawSettings();
            }
            var bridge = client != null ? client.Bridge : own;
            if (bridge == null)
            {
                EditorGUILayout.HelpBox("Press Play with an Oscbridge Client in the scene, or listen here.", MessageType.Info);
                return;
            }
            bridge.NamesSender = true;
            health = client != null
                ? client.Explain(lines)
                : LinkDiagnosis.Explain(bridge, settings, EditorApplication.timeSinceStartup, lines);
            EditorGUILayout.HelpBox(string.Join("\n", lines.ToArray()), OscbridgeClientEditor.IconOf(health));
            DrawTests(bridge.Voice);
            PlaneView.Draw(bridge.State, 160f);
            DrawSignals(bridge.Board);
            DrawAdvice();
        }

        void DrawSettings()
        {
            settings.Host = EditorGUILayout.TextField("Host", settings.Host);
            settings.Port = EditorGUILayout.IntField("Port", settings.Port);
            if (GUILayout.Button(own == null ? "Listen" : "Stop"))
            {
                if (own == null)
                {
                    OpenOwn();
                }
                else
                {
                    CloseOwn();
                }
            }
        }

        static void DrawTests(BridgeVoice voice)
        {
            EditorGUILayout.BeginHorizontal();
            EditorGUILayout.PrefixLabel("Test pattern");
            if (GUILayout.Button("Sweep"))
            {
                voice.Test("sweep");
            }
            if (GUILayout.Button("Quadrants"))
            {
                voice.Test("quadrants");
            }
            if (GUILayout.Button("Request"))
            {
                voice.Test("request");
            }
            EditorGUILayout.EndHorizontal();
        }

        void DrawSignals(SignalBoard board)
        {
            scroll = EditorGUILayout.BeginScrollView(scroll);
            for (var row = 0; row < Signals.Count; row++)
            {
                var info = Signals.At(row);
                if (board.Count(info.Signal) > 0)
                {
                    EditorGUILayout.LabelField(info.Name, ValuesOf(info, board));
                }
            }
            EditorGUILayout.EndScrollView();
        }

        static string ValuesOf(SignalInfo info, SignalBoard board)
        {
            var text = "";
            for (var i = 0; i < info.Arguments.Length; i++)
            {
                text += info.Arguments[i].IsNumber
                    ? board.Number(info.Signal, i).ToString("0.###") : board.Text(info.Signal, i);
                text += "   ";
            }
            return text;
        }

        static void DrawAdvice()
        {
            if (!PlayerSettings.runInBackground)
            {
                EditorGUILayout.HelpBox(
                    "Run In Background is off: the game stands still, and answers nothing, while another window is in front.",
                    MessageType.Info);
            }
            if (EditorUserBuildSettings.activeBuildTarget == BuildTarget.Android
                && !PlayerSettings.Android.forceInternetPermission)
            {
                EditorGUILayout.HelpBox("Android: set Player Settings, Internet Access to Require.", MessageType.Warning);
            }
            if (EditorUserBuildSettings.activeBuildTarget == BuildTarget.WebGL)
            {
                EditorGUILayout.HelpBox("A web page has no UDP sockets: this package does not work there.", MessageType.Warning);
            }
        }

        void OpenOwn()
        {
            try
            {
                own = new Bridge(settings);
                own.Open(EditorApplication.timeSinceStartup);
            }
            catch (System.ArgumentException error)
            {
                ShowNotification(new GUIContent(error.Message));
            }
        }

        void CloseOwn()
        {
            if (own != null)
            {
                own.Dispose();
                own = null;
            }
        }
    }
}
