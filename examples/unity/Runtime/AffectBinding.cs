using UnityEngine;
using UnityEngine.Audio;

namespace Oscbridge
{
    /// <summary>What a binding moves.</summary>
    public enum BindingTarget
    {
        /// <summary>Any float property or method, through the event.</summary>
        Event,
        AnimatorFloat,
        MaterialFloat,
        MaterialColour,
        MixerParameter,
        MixerDecibels,
        LightIntensity,
        LightColour,
        AudioVolume,
    }

    /// <summary>
    /// Anything that oscbridge says moves anything that has a number: its range becomes 0..1, a curve
    /// bends it, the output range stretches it, smoothing calms it.
    /// </summary>
    [AddComponentMenu("oscbridge/Affect Binding")]
    public sealed class AffectBinding : MonoBehaviour
    {
        /// <summary>A change smaller than this share of the output range is not worth a call.</summary>
        const float DeadBand = 1e-4f;

        [Tooltip("Empty: the client of the scene.")]
        [SerializeField] OscbridgeClient client = null;

        [SerializeField] SignalSlot signal = new SignalSlot(Signal.NormArousal);

        [Tooltip("How well a label of your own fits, by its slug such as fog, instead of a signal. Start oscbridge with --also label.")]
        [SerializeField] string ownLabel = "";

        [Tooltip("Use a range of your own instead of the signal's.")]
        [SerializeField] bool ownInputRange = false;
        [SerializeField] Vector2 inputRange = new Vector2(0f, 1f);

        [Tooltip("From 0..1 to 0..1.")]
        [SerializeField] AnimationCurve curve = AnimationCurve.Linear(0f, 0f, 1f, 1f);

        [Tooltip("What 0 and 1 of the curve become.")]
        [SerializeField] Vector2 outputRange = new Vector2(0f, 1f);

        [Tooltip("Time constant, seconds.")]
        [SerializeField] float smoothingSeconds = 0.2f;

        [SerializeField] BindingTarget target = BindingTarget.Event;
        [SerializeField] Animator animator = null;
        [SerializeField] Renderer targetRenderer = null;
        [SerializeField] AudioMixer mixer = null;
        [SerializeField] Light targetLight = null;
        [SerializeField] AudioSource audioSource = null;

        [Tooltip("Name of the animator's parameter, the shader's property (_Metallic) or the mixer's exposed parameter.")]
        [SerializeField] string parameter = "";

        [SerializeField] Gradient gradient = new Gradient();
        [SerializeField] FloatEvent valueChanged = new FloatEvent();

        MaterialPropertyBlock block;
        int parameterId;
        float smoothed;
        float told = float.NaN;
        bool hasValue;

        public SignalSlot Slot { get { return signal; } set { signal = value; hasValue = false; } }

        /// <summary>A label of the user's own, by its slug, instead of a signal; else empty.</summary>
        public string OwnLabel { get { return ownLabel; } set { ownLabel = value; hasValue = false; } }

        public OscbridgeClient Client { get { return client; } set { client = value; } }

        public Vector2 OutputRange { get { return outputRange; } set { outputRange = value; } }

        public float SmoothingSeconds { get { return smoothingSeconds; } set { smoothingSeconds = value; } }

        public FloatEvent ValueChanged { get { return valueChanged; } }

        /// <summary>What was put out last.</summary>
        public float Value { get; private set; }

        /// <summary>Move an animator's float.</summary>
        public void Move(Animator moved, string floatParameter)
        {
            animator = moved;
            MoveNamed(BindingTarget.AnimatorFloat, floatParameter);
        }

        /// <summary>Move a float of a renderer's materials, or their colour along the gradient.</summary>
        public void Move(Renderer moved, string property, bool colour)
        {
            targetRenderer = moved;
            MoveNamed(colour ? BindingTarget.MaterialColour : BindingTarget.MaterialFloat, property);
        }

        /// <summary>Move an exposed parameter of a mixer; as decibels the output range is amplitude.</summary>
        public void Move(AudioMixer moved, string exposed, bool decibels)
        {
            mixer = moved;
            MoveNamed(decibels ? BindingTarget.MixerDecibels : BindingTarget.MixerParameter, exposed);
        }

        /// <summary>Move a light's intensity, or its colour along the gradient.</summary>
        public void Move(Light moved, bool colour)
        {
            targetLight = moved;
            MoveNamed(colour ? BindingTarget.LightColour : BindingTarget.LightIntensity, "");
        }

        /// <summary>The colours of 0 and 1.</summary>
        public Gradient Gradient { get { return gradient; } set { gradient = value; } }

        void Awake()
        {
            FindParameter();
        }

        void OnValidate()
        {
            FindParameter();
        }

        void Update()
        {
            var source = client != null ? client : OscbridgeClient.Active;
            float share;
            if (source == null || source.Bridge == null || !TryGetShare(source.Bridge.Board, out share))
            {
                return;
            }
            var bent = curve.Evaluate(share);
            smoothed = hasValue && smoothingSeconds > 0f
                ? smoothed + (bent - smoothed) * (1f - Mathf.Exp(-Time.deltaTime / smoothingSeconds))
                : bent;
            hasValue = true;
            if (!(Mathf.Abs(smoothed - told) < DeadBand))
            {
                told = smoothed;
                Put(smoothed);
            }
        }

        /// <summary>Where the newest value is in its range, 0..1; false where nothing was heard yet.</summary>
        bool TryGetShare(SignalBoard board, out float share)
        {
            share = 0f;
            var isLabel = !string.IsNullOrEmpty(ownLabel);
            if (isLabel ? !board.Labels.Knows(ownLabel) : board.Count(signal.Signal) == 0)
            {
                return false;
            }
            var value = isLabel ? board.Labels.Of(ownLabel) : board.Number(signal.Signal, signal.Argument);
            float low = 0f, high = 1f;
            if (ownInputRange)
            {
                low = inputRange.x;
                high = inputRange.y;
            }
            else if (!isLabel)
            {
                signal.TryGetRange(out low, out high);
            }
            share = high == low ? 0f : Mathf.Clamp01((value - low) / (high - low));
            return true;
        }

        void Put(float share)
        {
            Value = outputRange.x + (outputRange.y - outputRange.x) * share;
            switch (target)
            {
                case BindingTarget.AnimatorFloat:
                    if (animator != null)
                    {
                        animator.SetFloat(parameterId, Value);
                    }
                    break;
                case BindingTarget.MaterialFloat:
                case BindingTarget.MaterialColour:
                    PutMaterial(share);
                    break;
                case BindingTarget.MixerParameter:
                    PutMixer(Value);
                    break;
                case BindingTarget.MixerDecibels:
                    PutMixer(20f * Mathf.Log10(Mathf.Max(Value, 1e-4f)));
                    break;
                case BindingTarget.LightIntensity:
                    if (targetLight != null)
                    {
                        targetLight.intensity = Value;
                    }
                    break;
                case BindingTarget.LightColour:
                    if (targetLight != null)
                    {
                        targetLight.color = gradient.Evaluate(share);
                    }
                    break;
                case BindingTarget.AudioVolume:
                    if (audioSource != null)
                    {
                        audioSource.volume = Value;
                    }
                    break;
            }
            valueChanged.Invoke(Value);
        }

        /// <summary>By a property block, so that no material is copied.</summary>
        void PutMaterial(float share)
        {
            if (targetRenderer == null)
            {
                return;
            }
            if (block == null)
            {
                block = new MaterialPropertyBlock();
            }
            targetRenderer.GetPropertyBlock(block);
            if (target == BindingTarget.MaterialColour)
            {
                block.SetColor(parameterId, gradient.Evaluate(share));
            }
            else
            {
                block.SetFloat(parameterId, Value);
            }
            targetRenderer.SetPropertyBlock(block);
        }

        void PutMixer(float value)
        {
            if (mixer != null)
            {
                mixer.SetFloat(parameter, value);
            }
        }

        void MoveNamed(BindingTarget moved, string name)
        {
            target = moved;
            parameter = name;
            told = float.NaN;
            FindParameter();
        }

        void FindParameter()
        {
            parameterId = target == BindingTarget.AnimatorFloat
                ? Animator.StringToHash(parameter) : Shader.PropertyToID(parameter);
        }
    }
}
