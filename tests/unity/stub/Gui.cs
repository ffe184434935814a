using System.Collections.Generic;

namespace UnityEngine
{
    public class GUIContent
    {
        public static readonly GUIContent none = new GUIContent("");

        public readonly string text;

        public GUIContent(string text)
        {
            this.text = text;
        }
    }

    public class GUIStyle
    {
    }

    public class GUISkin
    {
        public GUIStyle box { get { return new GUIStyle(); } }
    }

    public class GUILayoutOption
    {
    }

    public static class GUI
    {
        public static Color color { get; set; }
        public static GUISkin skin { get { return new GUISkin(); } }
    }

    /// <summary>Notes labels; a button is pressed where a test says so.</summary>
    public static class GUILayout
    {
        public static readonly List<string> Labels = new List<string>();
        public static string Pressed = "";

        public static void BeginArea(Rect screenRect) { }
        public static void EndArea() { }
        public static void BeginVertical(GUIStyle style, params GUILayoutOption[] options) { }
        public static void EndVertical() { }
        public static void BeginHorizontal(params GUILayoutOption[] options) { }
        public static void EndHorizontal() { }

        public static void Label(string text, params GUILayoutOption[] options)
        {
            Labels.Add(text);
        }

        public static bool Button(string text, params GUILayoutOption[] options)
        {
            return text == Pressed;
        }
    }

    public static class GUILayoutUtility
    {
        public static Rect GetRect(float width, float height)
        {
            return new Rect(0f, 0f, width, height);
        }
    }

    public static class Gizmos
    {
        public static readonly List<Vector3> Spheres = new List<Vector3>();
        public static Color color { get; set; }
        public static void DrawLine(Vector3 from, Vector3 to) { }
        public static void DrawWireSphere(Vector3 center, float radius) { }

        public static void DrawSphere(Vector3 center, float radius)
        {
            Spheres.Add(center);
        }
    }
}
