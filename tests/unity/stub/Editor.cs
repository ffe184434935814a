using System;
using System.Collections.Generic;
using UnityEngine;

namespace UnityEditor
{
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CustomEditor : Attribute
    {
        public CustomEditor(Type inspectedType) { }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CanEditMultipleObjects : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CustomPropertyDrawer : Attribute
    {
        public CustomPropertyDrawer(Type type) { }
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class MenuItem : Attribute
    {
        public MenuItem(string itemName) { }
        public MenuItem(string itemName, bool isValidateFunction, int priority) { }
    }

    public sealed class SerializedObject
    {
        public void Update() { }
        public bool ApplyModifiedProperties() { return true; }
        public SerializedProperty FindProperty(string propertyPath) { return new SerializedProperty(); }
    }

    /// <summary>Counts how often it is written: each time, all objects that are selected get the value.</summary>
    public sealed class SerializedProperty
    {
        readonly Dictionary<string, SerializedProperty> children = new Dictionary<string, SerializedProperty>();
        int whole;
        float number;

        public int Writes { get; private set; }
        public int intValue { get { return whole; } set { whole = value; Writes++; } }
        public float floatValue { get { return number; } set { number = value; Writes++; } }
        public bool boolValue { get; set; }

        public SerializedProperty FindPropertyRelative(string relativePropertyPath)
        {
            if (!children.ContainsKey(relativePropertyPath))
            {
                children[relativePropertyPath] = new SerializedProperty();
            }
            return children[relativePropertyPath];
        }
    }

    public class Editor : UnityEngine.Object
    {
        public UnityEngine.Object target { get; set; }
        public SerializedObject serializedObject { get { return new SerializedObject(); } }
        public virtual void OnInspectorGUI() { }
        public virtual bool RequiresConstantRepaint() { return false; }
        public bool DrawDefaultInspector() { return true; }
    }

    public abstract class PropertyDrawer
    {
        public virtual void OnGUI(Rect position, SerializedProperty property, GUIContent label) { }
        public virtual float GetPropertyHeight(SerializedProperty property, GUIContent label) { return 18f; }
    }

    public class EditorWindow : UnityEngine.Object
    {
        public static T GetWindow<T>(string title) where T : EditorWindow { return Activator.CreateInstance<T>(); }
        public void Show() { }
        public void Repaint() { }
        public void ShowNotification(GUIContent notification) { }
    }

    public enum MessageType
    {
        None,
        Info,
        Warning,
        Error,
    }

    public static class EditorStyles
    {
        public static GUIStyle miniLabel { get { return new GUIStyle(); } }
    }

    public static class EditorGUIUtility
    {
        public static float singleLineHeight { get { return 18f; } }
        public static float standardVerticalSpacing { get { return 2f; } }
        public static float labelWidth { get; set; }
    }

    public static class EditorGUI
    {
        public static GUIContent BeginProperty(Rect totalPosition, GUIContent label, SerializedProperty property) { return label; }
        public static void EndProperty() { }

        /// <summary>Whether somebody moves the control that is drawn next.</summary>
        public static bool IsMoved { get; set; }

        public static void BeginChangeCheck() { }
        public static bool EndChangeCheck() { return IsMoved; }
        public static Rect PrefixLabel(Rect totalPosition, GUIContent label) { return totalPosition; }
        public static int IntPopup(Rect position, int selectedValue, string[] displayedOptions, int[] optionValues) { return selectedValue; }
        public static int Popup(Rect position, int selectedIndex, string[] displayedOptions) { return selectedIndex; }
        public static float Slider(Rect position, string label, float value, float leftValue, float rightValue) { return value; }
        public static void LabelField(Rect position, GUIContent label) { }
        public static void LabelField(Rect position, string label, GUIStyle style) { }
        public static void DrawRect(Rect rect, Color color) { }
    }

    public static class EditorGUILayout
    {
        public static void HelpBox(string message, MessageType type) { }
        public static bool PropertyField(SerializedProperty property, bool includeChildren, params GUILayoutOption[] options) { return true; }
        public static string TextField(string label, string text, params GUILayoutOption[] options) { return text; }
        public static int IntField(string label, int value, params GUILayoutOption[] options) { return value; }
        public static void LabelField(string label, string label2, params GUILayoutOption[] options) { }
        public static void PrefixLabel(string label) { }
        public static Rect BeginHorizontal(params GUILayoutOption[] options) { return new Rect(); }
        public static void EndHorizontal() { }
        public static Vector2 BeginScrollView(Vector2 scrollPosition, params GUILayoutOption[] options) { return scrollPosition; }
        public static void EndScrollView() { }
    }

    public static class EditorApplication
    {
        public delegate void CallbackFunction();

        public static CallbackFunction update;
        public static double timeSinceStartup { get { return World.Seconds; } }
    }

    public enum BuildTarget
    {
        StandaloneWindows64,
        Android,
        WebGL,
    }

    public static class EditorUserBuildSettings
    {
        public static BuildTarget activeBuildTarget { get; set; }
    }

    public static class PlayerSettings
    {
        public static bool runInBackground { get; set; }

        public static class Android
        {
            public static bool forceInternetPermission { get; set; }
        }
    }

    public static class Undo
    {
        public static void RegisterCreatedObjectUndo(UnityEngine.Object objectToUndo, string name) { }
    }

    public static class Selection
    {
        public static GameObject activeGameObject { get; set; }
    }
}
