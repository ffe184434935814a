using System;
using System.Collections.Generic;
using System.Reflection;

namespace UnityEngine
{
    /// <summary>The player loop of the stub: what calls components, and the clocks that a test sets.</summary>
    public static class World
    {
        public const double AudioBlock = 1024.0 / 48000.0;

        sealed class Entry
        {
            public MonoBehaviour Behaviour;
            public int Order;
            public bool Started;
            public Action Start;
            public Action Update;
        }

        static readonly List<Entry> entries = new List<Entry>();

        public static double Seconds { get; private set; }

        public static float Delta { get; private set; }

        /// <summary>How fast the time of the game goes; 0 in a menu.</summary>
        public static float TimeScale = 1f;

        static double deviceSince;

        /// <summary>Sound that was played, in the order in which it was scheduled.</summary>
        public static readonly List<AudioSource> Sources = new List<AudioSource>();

        /// <summary>All objects of the scene.</summary>
        public static readonly List<GameObject> Objects = new List<GameObject>();

        /// <summary>The clock of the sound card, which moves in blocks.</summary>
        public static double DspSeconds { get { return Math.Floor((Seconds - deviceSince) / AudioBlock) * AudioBlock; } }

        /// <summary>Messages of Debug.Log and its relatives.</summary>
        public static readonly List<string> Messages = new List<string>();

        /// <summary>Forget everything, as a new scene does.</summary>
        public static void Reset()
        {
            foreach (var entry in entries.ToArray())
            {
                Disable(entry.Behaviour);
            }
            entries.Clear();
            Sources.Clear();
            Objects.Clear();
            Messages.Clear();
            Seconds = deviceSince = 0.0;
            TimeScale = 1f;
        }

        /// <summary>Another sound device: all sources stop, and its clock begins anew.</summary>
        public static void ChangeAudioDevice()
        {
            foreach (var source in Sources)
            {
                source.Stop();
            }
            Sources.Clear();
            deviceSince = Seconds;
            AudioSettings.TellOfChange();
        }

        /// <summary>One frame of so many seconds.</summary>
        public static void Frame(double seconds)
        {
            Seconds += seconds;
            Delta = (float)seconds;
            for (var i = 0; i < entries.Count; i++)
            {
                if (!entries[i].Started && entries[i].Behaviour.enabled)
                {
                    entries[i].Started = true;
                    Call(entries[i].Start);
                }
            }
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i].Started && entries[i].Behaviour.enabled)
                {
                    Call(entries[i].Update);
                }
            }
        }

        internal static void Add(MonoBehaviour behaviour)
        {
            var order = behaviour.GetType().GetCustomAttribute<DefaultExecutionOrder>();
            var entry = new Entry
            {
                Behaviour = behaviour,
                Order = order == null ? 0 : order.Order,
                Start = Find(behaviour, "Start"),
                Update = Find(behaviour, "Update"),
            };
            var at = entries.FindIndex(other => other.Order > entry.Order);
            entries.Insert(at < 0 ? entries.Count : at, entry);
            Call(Find(behaviour, "Awake"));
            Call(Find(behaviour, "OnEnable"));
        }

        internal static void Disable(MonoBehaviour behaviour)
        {
            Call(Find(behaviour, "OnDisable"));
        }

        internal static void Enable(MonoBehaviour behaviour)
        {
            Call(Find(behaviour, "OnEnable"));
        }

        internal static void Remove(MonoBehaviour behaviour)
        {
            entries.RemoveAll(entry => ReferenceEquals(entry.Behaviour, behaviour));
        }

        /// <summary>Call a message of Unity's by its name, as the engine does.</summary>
        public static void Send(MonoBehaviour behaviour, string message)
        {
            Call(Find(behaviour, message));
        }

        /// <summary>The program goes to sleep, or wakes up.</summary>
        public static void Pause(MonoBehaviour behaviour, bool paused)
        {
            var method = behaviour.GetType().GetMethod("OnApplicationPause", BindingFlags.Instance | BindingFlags.NonPublic);
            method.Invoke(behaviour, new object[] { paused });
        }

        static Action Find(MonoBehaviour behaviour, string name)
        {
            var method = behaviour.GetType().GetMethod(
                name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, Type.EmptyTypes, null);
            return method == null ? null : (Action)Delegate.CreateDelegate(typeof(Action), behaviour, method);
        }

        static void Call(Action action)
        {
            if (action != null)
            {
                action();
            }
        }
    }
}
