using System.Collections.Generic;

namespace UnityEngine
{
    public class Object
    {
        public string name = "";

        public static implicit operator bool(Object exists)
        {
            return !ReferenceEquals(exists, null);
        }
    }

    public class Component : Object
    {
        public GameObject gameObject { get; internal set; }

        public Transform transform { get { return gameObject.transform; } }

        public T GetComponent<T>() where T : Component
        {
            return gameObject.GetComponent<T>();
        }
    }

    public class Behaviour : Component
    {
        bool isEnabled = true;

        public bool enabled
        {
            get { return isEnabled; }
            set
            {
                if (value != isEnabled)
                {
                    isEnabled = value;
                    Changed();
                }
            }
        }

        public bool isActiveAndEnabled { get { return isEnabled; } }

        internal virtual void Changed()
        {
        }
    }

    public class MonoBehaviour : Behaviour
    {
        internal override void Changed()
        {
            if (enabled)
            {
                World.Enable(this);
            }
            else
            {
                World.Disable(this);
            }
        }
    }

    public class Transform : Component
    {
        public Vector3 position { get; set; }
        public Vector3 localPosition { get; set; }
        public Vector3 localScale { get; set; }
        public Vector3 right { get { return new Vector3(1f, 0f, 0f); } }
        public Vector3 up { get { return new Vector3(0f, 1f, 0f); } }

        public void SetParent(Transform parent, bool worldPositionStays)
        {
        }
    }

    public enum PrimitiveType
    {
        Sphere,
        Capsule,
        Cylinder,
        Cube,
        Plane,
        Quad,
    }

    public sealed class GameObject : Object
    {
        readonly List<Component> components = new List<Component>();

        public GameObject(string name)
        {
            this.name = name;
            transform = new Transform { gameObject = this };
            activeSelf = true;
            World.Objects.Add(this);
        }

        public Transform transform { get; private set; }

        public bool activeSelf { get; private set; }

        public void SetActive(bool value)
        {
            activeSelf = value;
        }

        public T AddComponent<T>() where T : Component
        {
            var component = System.Activator.CreateInstance<T>();
            component.gameObject = this;
            components.Add(component);
            var behaviour = component as MonoBehaviour;
            if (behaviour != null)
            {
                World.Add(behaviour);
            }
            return component;
        }

        public T GetComponent<T>() where T : Component
        {
            foreach (var component in components)
            {
                var found = component as T;
                if (found != null)
                {
                    return found;
                }
            }
            return null;
        }

        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var made = new GameObject(type.ToString());
            made.AddComponent<Renderer>();
            return made;
        }
    }

    public class Material : Object
    {
        public Color color { get; set; }
    }

    public class MaterialPropertyBlock
    {
        public readonly Dictionary<int, float> Floats = new Dictionary<int, float>();
        public readonly Dictionary<int, Color> Colors = new Dictionary<int, Color>();

        public void SetFloat(int nameID, float value)
        {
            Floats[nameID] = value;
        }

        public void SetColor(int nameID, Color value)
        {
            Colors[nameID] = value;
        }
    }

    public class Renderer : Component
    {
        public MaterialPropertyBlock Block;
        readonly Material own = new Material();

        public Material material { get { return own; } }

        public void GetPropertyBlock(MaterialPropertyBlock properties)
        {
        }

        public void SetPropertyBlock(MaterialPropertyBlock properties)
        {
            Block = properties;
        }
    }

    public static class Shader
    {
        public static int PropertyToID(string name)
        {
            return Animator.StringToHash(name);
        }
    }

    public class Animator : Behaviour
    {
        public readonly Dictionary<int, float> Floats = new Dictionary<int, float>();

        public static int StringToHash(string name)
        {
            var hash = 17;
            foreach (var letter in name)
            {
                hash = unchecked(hash * 31 + letter);
            }
            return hash;
        }

        public void SetFloat(int id, float value)
        {
            Floats[id] = value;
        }
    }

    public enum LightType
    {
        Spot,
        Directional,
        Point,
    }

    public class Light : Behaviour
    {
        public LightType type { get; set; }
        public float range { get; set; }
        public float intensity { get; set; }
        public Color color { get; set; }
    }
}
