using UnityEngine;

namespace Oscbridge.Samples
{
    /// <summary>
    /// A room that takes the music's colour: its light is warm where the music is pleasant, bright
    /// where it is excited, and a sphere breathes with the intensity. Add it to an empty object, start
    /// "oscbridge demo", press Play. Every line that matters is also a component of the inspector:
    /// what is made here is three Affect Bindings.
    /// </summary>
    [AddComponentMenu("oscbridge/Samples/Room")]
    public sealed class RoomSample : MonoBehaviour
    {
        [SerializeField] Color unpleasant = new Color(0.35f, 0.45f, 1f);
        [SerializeField] Color pleasant = new Color(1f, 0.75f, 0.4f);

        Transform sphere;

        void Start()
        {
            OscbridgeClient.FindOrCreate();
            BuildWalls();
            sphere = Make(PrimitiveType.Sphere, new Vector3(0f, 1f, 0f), Vector3.one).transform;
            var lamp = new GameObject("lamp").AddComponent<Light>();
            lamp.transform.SetParent(transform, false);
            lamp.transform.localPosition = new Vector3(0f, 3.5f, 0f);
            lamp.type = LightType.Point;
            lamp.range = 14f;

            var colour = Bind(Signal.Valence, 0.8f);
            colour.Gradient = Between(unpleasant, pleasant);
            colour.Move(lamp, true);

            var brightness = Bind(Signal.Arousal, 0.4f);
            brightness.OutputRange = new Vector2(0.4f, 3f);
            brightness.Move(lamp, false);

            var breath = Bind(Signal.Intensity, 0.15f);
            breath.OutputRange = new Vector2(0.6f, 1.6f);
            breath.ValueChanged.AddListener(Breathe);
        }

        void Breathe(float scale)
        {
            sphere.localScale = Vector3.one * scale;
        }

        AffectBinding Bind(Signal signal, float smoothingSeconds)
        {
            var binding = gameObject.AddComponent<AffectBinding>();
            binding.Slot = new SignalSlot(signal);
            binding.SmoothingSeconds = smoothingSeconds;
            return binding;
        }

        void BuildWalls()
        {
            Make(PrimitiveType.Cube, new Vector3(0f, 0f, 0f), new Vector3(8f, 0.1f, 8f));
            Make(PrimitiveType.Cube, new Vector3(0f, 2f, 4f), new Vector3(8f, 4f, 0.1f));
            Make(PrimitiveType.Cube, new Vector3(-4f, 2f, 0f), new Vector3(0.1f, 4f, 8f));
            Make(PrimitiveType.Cube, new Vector3(4f, 2f, 0f), new Vector3(0.1f, 4f, 8f));
        }

        GameObject Make(PrimitiveType shape, Vector3 position, Vector3 scale)
        {
            var made = GameObject.CreatePrimitive(shape);
            made.transform.SetParent(transform, false);
            made.transform.localPosition = position;
            made.transform.localScale = scale;
            return made;
        }

        static Gradient Between(Color low, Color high)
        {
            var gradient = new Gradient();
            gradient.SetKeys(
                new[] { new GradientColorKey(low, 0f), new GradientColorKey(high, 1f) },
                new[] { new GradientAlphaKey(1f, 0f), new GradientAlphaKey(1f, 1f) });
            return gradient;
        }
    }
}
