using System;

namespace UnityEngine
{
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Field)]
    public class PropertyAttribute : Attribute
    {
    }

    public sealed class TooltipAttribute : PropertyAttribute
    {
        public TooltipAttribute(string tooltip)
        {
        }
    }

    public sealed class HeaderAttribute : PropertyAttribute
    {
        public HeaderAttribute(string header)
        {
        }
    }

    public sealed class RangeAttribute : PropertyAttribute
    {
        public RangeAttribute(float min, float max)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class AddComponentMenu : Attribute
    {
        public AddComponentMenu(string menuName)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class DisallowMultipleComponent : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class DefaultExecutionOrder : Attribute
    {
        public readonly int Order;

        public DefaultExecutionOrder(int order)
        {
            Order = order;
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class ContextMenu : Attribute
    {
        public ContextMenu(string itemName)
        {
        }
    }

    public enum RuntimeInitializeLoadType
    {
        AfterSceneLoad,
        BeforeSceneLoad,
        AfterAssembliesLoaded,
        BeforeSplashScreen,
        SubsystemRegistration,
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
        }
    }

    public static class Time
    {
        public static float deltaTime { get { return World.Delta * World.TimeScale; } }
        public static float unscaledDeltaTime { get { return World.Delta; } }
        public static double realtimeSinceStartupAsDouble { get { return World.Seconds; } }
    }

    public static class Application
    {
        public static bool isPlaying { get { return true; } }
    }

    public static class Debug
    {
        public static bool isDebugBuild { get { return true; } }

        public static void LogWarning(object message, Object context)
        {
            World.Messages.Add("warning: " + message);
        }

        public static void LogError(object message, Object context)
        {
            World.Messages.Add("error: " + message);
        }
    }

    public static class Input
    {
        public static bool anyKeyDown { get { return false; } }
    }

    public static class Screen
    {
        public static int width { get { return 1280; } }
        public static int height { get { return 720; } }
    }

    public static class Resources
    {
        /// <summary>Loads of an audio clip what a test has put here; else a clip of eight seconds.</summary>
        public static T Load<T>(string path) where T : Object
        {
            return new AudioClip(path, 8f) as T;
        }
    }
}

namespace UnityEngine.Events
{
    public class UnityEvent<T>
    {
        event Action<T> calls;

        public void AddListener(Action<T> call)
        {
            calls += call;
        }

        public void Invoke(T argument)
        {
            var now = calls;
            if (now != null)
            {
                now(argument);
            }
        }
    }
}
